"""What the citizen sees: Qt Quick screens and the values that they show."""
