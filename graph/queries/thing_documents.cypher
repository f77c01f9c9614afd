// title: Documents of a thing
// purpose: The documents that mention a thing or are written by it, those with the most mentions first.
// parameters: id, skip, limit
MATCH (t:Thing {id: $id})<-[r:MENTIONS|WRITTEN_BY]-(d:Document)
WITH d, sum(coalesce(r.count, 0)) AS mentions
ORDER BY mentions DESC, coalesce(d.date, '') DESC, d.title, d.id
SKIP $skip LIMIT $limit
RETURN d.id AS id, d.title AS title, coalesce(d.publisher, '') AS publisher, coalesce(d.date, '') AS date,
       coalesce(d.words, 0) AS words, d.state AS state, mentions,
       COUNT { MATCH (d)<-[:PART_OF]-(:Passage)<-[:IN_PASSAGE]-(s:Statement) RETURN DISTINCT s } AS statements,
       COLLECT { MATCH (d)-[w:WRITTEN_BY]->(a:Contributor)
                 RETURN {labels: labels(a), id: a.id, name: a.name} ORDER BY w.order } AS authors
ORDER BY mentions DESC, date DESC, title, id
