// title: How many documents
// purpose: The length of the list of documents, filtered.
// parameters: words (in title or publisher, or null), from, to (years, or null), thing (id of a thing that it mentions, or null)
MATCH (d:Document)
WHERE ($words IS NULL OR toLower(d.title) CONTAINS toLower($words)
       OR toLower(coalesce(d.publisher, '')) CONTAINS toLower($words))
  AND ($from IS NULL OR d.year >= $from) AND ($to IS NULL OR d.year <= $to)
  AND ($thing IS NULL OR EXISTS { (d)-[:MENTIONS]->(:Thing {id: $thing}) })
RETURN count(d) AS total
