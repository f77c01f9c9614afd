// title: What the graph holds
// purpose: How many nodes there are of each label, the most first.
MATCH (n)
UNWIND labels(n) AS label
RETURN label, count(*) AS number
ORDER BY number DESC, label
