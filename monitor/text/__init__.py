"""What is written: tokens, sentences, word forms, money, who speaks. Pure functions of text."""
