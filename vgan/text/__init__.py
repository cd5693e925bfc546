"""Words as pictures: cleaned, shaped by HarfBuzz in fonts that have them, wrapped to fit a box, drawn."""
