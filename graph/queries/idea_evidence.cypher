// title: Evidence about ideas, for counting
// purpose: What counts of who was heard need of each statement about an idea, newest documents first. One row an idea, so that no limit on rows can cut a count.
// parameters: id (one idea, or null for all)
MATCH (i:Idea)<-[:ABOUT]-(s:Evidence)
WHERE $id IS NULL OR i.id = $id
MATCH (s)-[:MADE_BY]->(c:Contributor)
MATCH (s)-[:IN_PASSAGE {order: 0}]->(p:Passage)-[:PART_OF]->(d:Document)
OPTIONAL MATCH (s)-[:FROM_SECTOR]->(sector:Sector)
WITH i, s, c, p, d, sector.id AS sector
ORDER BY coalesce(d.date, '') DESC, d.id, p.start, s.id
WITH i, collect({
  statement: s.id, contributor: c.id, contributor_name: c.name, contributor_labels: labels(c), sector: sector,
  role: s.role, stance: s.stance, kind: s.kind, state: s.state, year: d.year, document: d.id,
  studies: COLLECT { MATCH (s)-[:RESTS_ON]->(study:Study) RETURN [study.id, study.name] ORDER BY study.id },
  quote: CASE WHEN EXISTS { (d)-[:SAME_TEXT_AS]-(:Document) } THEN p.quote ELSE '' END
}) AS evidence
RETURN i.id AS idea, evidence
ORDER BY idea
