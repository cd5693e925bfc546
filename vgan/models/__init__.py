"""Networks only: nn.Modules and what belongs to their arithmetic. Nothing here reads files or knows the web."""
