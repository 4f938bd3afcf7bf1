"""What a draft plan would have cost: replayed over past months beside the plan in force; nothing is booked."""
