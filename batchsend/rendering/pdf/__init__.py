"""PDFs opened again: what is on their pages, and what is put right in them."""
