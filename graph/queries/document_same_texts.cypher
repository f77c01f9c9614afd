// title: Documents with the same text
// purpose: The pairs of documents whose texts are nearly the same, and so count as one source. One row.
MATCH (one:Document)-[:SAME_TEXT_AS]->(other:Document)
WITH one.id AS one, other.id AS other ORDER BY one, other
RETURN collect([one, other]) AS pairs
