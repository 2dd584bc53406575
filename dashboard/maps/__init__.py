"""The map as folium writes it. Nothing here knows Streamlit."""
