"""What checks look at: who was heard and how well, parts of a call, names, questions and answers."""
