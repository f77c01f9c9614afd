// Statements with what each of them has: one sector, position and run, passages, and things.
UNWIND $rows AS row
CREATE (s:$(row.labels))
SET s = row.properties
WITH s, row
MATCH (sector:Sector {id: row.sector})
MATCH (position:Position {id: row.position})
MATCH (run:ExtractionRun {id: row.run})
CREATE (s)-[:FROM_SECTOR]->(sector)
CREATE (s)-[:FROM_POSITION]->(position)
CREATE (s)-[:EXTRACTED_BY]->(run)
WITH s, row
CALL (s, row) {
  UNWIND row.passages AS at
  MATCH (p:Passage {id: at.id})
  CREATE (s)-[r:IN_PASSAGE]->(p)
  SET r = at.properties
}
WITH s, row
UNWIND row.things AS to
MATCH (t:Thing {id: to.id})
CREATE (s)-[:$(to.type)]->(t)
