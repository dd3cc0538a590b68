"""What simulated runs say, and how sure: measures, intervals, differences, who is best; pure, from `Outcome` rows."""
