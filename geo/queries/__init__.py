"""Reading the store. Every function takes a connection and a scope: there is no unscoped read of incidents."""
