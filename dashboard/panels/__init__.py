"""Pieces of pages, drawn with Streamlit."""
