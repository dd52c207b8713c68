"""What was seen, as HTML and SVG: values in, text out."""
