"""What an operator watches: problems with what to do about each, told once; and asking for failed work again."""
