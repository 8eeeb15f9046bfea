"""What happens in the world: what strands stock, what cures it, what Amazon does by itself. The wire knows none of it."""
