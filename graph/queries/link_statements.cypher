// title: The evidence of a link
// purpose: Ids of the statements that a link between two things is gathered from, newest documents first.
// parameters: start: string, end: string, link: string (a relationship type), skip: integer = 0, limit: integer = 100
CALL () {
  MATCH (s:Relation)-[:SUBJECT]->(:Thing {id: $start})
  WHERE toUpper(s.predicate) = $link AND EXISTS { (s)-[:OBJECT]->(:Thing {id: $end}) }
  RETURN s
  UNION
  MATCH (s:Evidence)-[:MADE_BY]->(:Thing {id: $start})
  WHERE $link = 'CONTRIBUTED_TO' AND EXISTS { (s)-[:ABOUT]->(:Thing {id: $end}) }
  RETURN s
}
MATCH (s)-[:IN_PASSAGE {order: 0}]->(p:Passage)-[:PART_OF]->(d:Document)
RETURN s.id AS id
ORDER BY coalesce(d.date, '') DESC, d.id, p.start, s.id
SKIP $skip LIMIT $limit
