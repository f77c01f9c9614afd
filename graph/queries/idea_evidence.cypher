// title: Evidence about ideas, for counting
// purpose: What counts of who was heard need of each statement about an idea, newest documents first. One row an idea, so that no limit on rows can cut a count; lists instead of maps, since there may be many: statement, contributor, sector, role, stance, kind, state, year, document, studies, and the passage where the document's text stands elsewhere too.
// parameters: id (one idea, or null for all)
MATCH (i:Idea)<-[:ABOUT]-(s:Evidence)
WHERE $id IS NULL OR i.id = $id
MATCH (s)-[:MADE_BY]->(c:Contributor)
MATCH (s)-[:IN_PASSAGE {order: 0}]->(p:Passage)-[:PART_OF]->(d:Document)
OPTIONAL MATCH (s)-[:FROM_SECTOR]->(sector:Sector)
WITH i, s, c, p, d, sector.id AS sector
ORDER BY coalesce(d.date, '') DESC, d.id, p.start, s.id
WITH i, collect(DISTINCT c) AS contributors, collect([
  s.id, c.id, sector, s.role, s.stance, s.kind, s.state, d.year, d.id,
  COLLECT { MATCH (s)-[:RESTS_ON]->(study:Study) RETURN [study.id, study.name] ORDER BY study.id },
  CASE WHEN EXISTS { (d)-[:SAME_TEXT_AS]-(:Document) } THEN p.quote ELSE '' END
]) AS evidence
RETURN i.id AS idea, evidence, [c IN contributors | {id: c.id, name: c.name, labels: labels(c)}] AS contributors
ORDER BY idea
