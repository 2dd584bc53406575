"""Papers and tables that leave the screen: PDF, XLSX and CSV, from the same queries as the pages. Never streamlit."""
