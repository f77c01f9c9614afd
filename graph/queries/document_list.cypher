// title: Documents
// purpose: A part of the list of documents, filtered and sorted.
// parameters: words (in title or publisher, or null), from, to (years, or null), thing (id of a thing that it mentions, or null), sort (title, date, words or statements), down, skip, limit
MATCH (d:Document)
WHERE ($words IS NULL OR toLower(d.title) CONTAINS toLower($words)
       OR toLower(coalesce(d.publisher, '')) CONTAINS toLower($words))
  AND ($from IS NULL OR d.year >= $from) AND ($to IS NULL OR d.year <= $to)
  AND ($thing IS NULL OR EXISTS { (d)-[:MENTIONS]->(:Thing {id: $thing}) })
WITH d,
     CASE $sort WHEN 'words' THEN coalesce(d.words, 0)
                WHEN 'statements' THEN COUNT { MATCH (d)<-[:PART_OF]-(:Passage)<-[:IN_PASSAGE]-(s:Statement) RETURN DISTINCT s }
                ELSE 0 END AS number,
     CASE $sort WHEN 'date' THEN coalesce(d.date, '') WHEN 'title' THEN toLower(d.title) ELSE '' END AS text
ORDER BY number * CASE WHEN $down THEN -1 ELSE 1 END,
         CASE WHEN $down THEN NULL ELSE text END,
         CASE WHEN $down THEN text END DESC,
         toLower(d.title), d.id
SKIP $skip LIMIT $limit
RETURN d.id AS id, d.title AS title, coalesce(d.publisher, '') AS publisher, coalesce(d.date, '') AS date,
       coalesce(d.words, 0) AS words, d.state AS state, 0 AS mentions,
       COUNT { MATCH (d)<-[:PART_OF]-(:Passage)<-[:IN_PASSAGE]-(s:Statement) RETURN DISTINCT s } AS statements,
       COLLECT { MATCH (d)-[w:WRITTEN_BY]->(a:Contributor)
                 RETURN {labels: labels(a), id: a.id, name: a.name} ORDER BY w.order } AS authors
