"""What it means in money and time: worth, cost, order, charts."""
