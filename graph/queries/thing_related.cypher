// title: What is said of a thing
// purpose: Ids of the statements by others that relate a thing to another one, newest documents first.
// parameters: id, skip, limit
MATCH (t:Thing {id: $id})<-[:SUBJECT|OBJECT]-(s:Relation)
WITH DISTINCT t, s
WHERE NOT (s)-[:MADE_BY]->(t)
MATCH (s)-[:IN_PASSAGE {order: 0}]->(p:Passage)-[:PART_OF]->(d:Document)
RETURN s.id AS id
ORDER BY coalesce(d.date, '') DESC, d.id, p.start, s.id
SKIP $skip LIMIT $limit
