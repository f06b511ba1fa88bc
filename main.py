"""Start Alvéole from a checkout: the same entry point as the ``alveole`` command."""

from kiosk.app.cli import main

if __name__ == "__main__":
    main()
