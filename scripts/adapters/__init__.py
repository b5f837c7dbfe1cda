"""Everything that touches the world: the configuration, where the tracker lives, and the workbook's own format."""
