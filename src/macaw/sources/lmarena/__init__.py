"""LMArena's leaderboard, as copied day by day: scores of chat models with their intervals."""
