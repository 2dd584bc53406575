"""What people see: the Streamlit shell, the map, HTTP routes and words."""
