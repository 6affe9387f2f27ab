"""libroadrunner, the independent solver that this one is checked against."""
