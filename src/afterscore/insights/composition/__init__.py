"""Reports in words, pictures and pages."""
