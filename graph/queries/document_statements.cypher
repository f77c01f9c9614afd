// title: Statements in a document
// purpose: The ids of a document's statements, in the order of its text, with what is counted of them.
// parameters: id
MATCH (d:Document {id: $id})<-[:PART_OF]-(p:Passage)<-[at:IN_PASSAGE]-(s:Statement)
WITH s, min(p.start) AS start, collect({id: p.id, start: p.start, end: p.end, paragraph: p.paragraph, quote: p.quote}) AS passages
MATCH (s)-[:MADE_BY]->(c:Contributor)
OPTIONAL MATCH (s)-[:ABOUT]->(i:Idea)
WITH s, start, passages, c, i
ORDER BY start, s.id
RETURN collect({id: s.id, sort: CASE WHEN s:Evidence THEN 'evidence' ELSE 'relation' END, stance: coalesce(s.stance, ''),
                state: s.state, contributor: c.id, idea: i.id, passages: passages}) AS statements
