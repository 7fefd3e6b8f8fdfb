"""Charts and the map as SVG within the page: no script, no style attribute, no picture from elsewhere."""
