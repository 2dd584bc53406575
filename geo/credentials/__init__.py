"""What proves who somebody is: passwords and one-time codes. Pure, without the store."""
