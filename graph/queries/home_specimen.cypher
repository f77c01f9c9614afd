// title: A statement as an example
// purpose: The statement about an idea that shows best what the pages hold: checked before unchecked, quoted before cited, certain before doubtful, with one passage of a readable length. One row at most.
MATCH (s:Evidence)-[:IN_PASSAGE]->(p:Passage)
WITH s, collect(p) AS passages
WHERE size(passages) = 1 AND 60 <= size(passages[0].quote) <= 240 AND NOT s.state IN ['disputed', 'source_changed']
  AND NOT coalesce(s.by_default, false)
RETURN s.id AS id
ORDER BY CASE s.state WHEN 'accepted' THEN 0 ELSE 1 END, CASE s.role WHEN 'quoted' THEN 0 WHEN 'author' THEN 1 ELSE 2 END,
         s.confidence DESC, CASE s.stance WHEN 'challenges' THEN 0 WHEN 'supports' THEN 1 ELSE 2 END, s.id
LIMIT 1
