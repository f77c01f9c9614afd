// Which of these shared nodes nothing uses any more, and what in turn they hold on to.
RETURN
  COLLECT {
    UNWIND $ids.Thing AS id MATCH (n:Thing {id: id})
    WHERE NOT EXISTS {
      (n)<-[:REFERS_TO|MADE_BY|SUBJECT|OBJECT|ABOUT|FROM_AFFILIATION|MENTIONS|WRITTEN_BY|PUBLISHED_BY]-()
    }
    RETURN [n.id, COLLECT { MATCH (n)-[:IN_SECTOR|UNDER|MERGED_INTO|DECIDED_ON]-(m) RETURN [labels(m), m.id] }]
  } AS Thing,
  COLLECT {
    UNWIND $ids.Heading AS id MATCH (n:Heading {id: id}) WHERE NOT EXISTS { (n)<-[:UNDER]-() }
    RETURN [n.id, COLLECT { MATCH (n)-[:UNDER]->(m) RETURN [labels(m), m.id] }]
  } AS Heading,
  COLLECT {
    UNWIND $ids.Merged AS id MATCH (n:Merged {id: id}) WHERE NOT EXISTS { (n)-[:MERGED_INTO]->() } RETURN [n.id, []]
  } AS Merged,
  COLLECT {
    UNWIND $ids.Decision AS id MATCH (n:Decision {id: id}) WHERE NOT EXISTS { (n)-[:DECIDED_ON]->() } RETURN [n.id, []]
  } AS Decision,
  COLLECT { UNWIND $ids.Sector AS id MATCH (n:Sector {id: id}) WHERE NOT EXISTS { (n)--() } RETURN [n.id, []] } AS Sector,
  COLLECT { UNWIND $ids.Position AS id MATCH (n:Position {id: id}) WHERE NOT EXISTS { (n)--() } RETURN [n.id, []] } AS Position,
  COLLECT { UNWIND $ids.Study AS id MATCH (n:Study {id: id}) WHERE NOT EXISTS { (n)--() } RETURN [n.id, []] } AS Study,
  COLLECT {
    UNWIND $ids.ExtractionRun AS id MATCH (n:ExtractionRun {id: id}) WHERE NOT EXISTS { (n)--() } RETURN [n.id, []]
  } AS ExtractionRun
