"""What is true of an invented bureau: schools, people, careers, courses, scores, and the effects planted in them."""
