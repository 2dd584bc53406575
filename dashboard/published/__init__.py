"""What is published of the figures: the same rows for the page, the document and the table that can be taken away."""
