"""What is printed: the posters with the QR code of each booth."""
