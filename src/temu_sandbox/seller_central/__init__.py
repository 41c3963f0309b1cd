"""Seller Central, simulated: the pages where a seller authorizes apps and sees what they do."""
