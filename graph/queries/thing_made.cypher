// title: What a contributor says
// purpose: Ids of the statements that a contributor makes: about ideas first, newest documents first.
// parameters: id, skip, limit
MATCH (:Contributor {id: $id})<-[:MADE_BY]-(s:Statement)
MATCH (s)-[:IN_PASSAGE {order: 0}]->(p:Passage)-[:PART_OF]->(d:Document)
RETURN s.id AS id
ORDER BY CASE WHEN s:Evidence THEN 0 ELSE 1 END, coalesce(d.date, '') DESC, d.id, p.start, s.id
SKIP $skip LIMIT $limit
