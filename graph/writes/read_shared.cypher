// What the graph holds of the shared nodes of a fragment, with the relationships that only they decide on.
MATCH (state:GraphState {id: 'state'})
RETURN state.sequence AS sequence, coalesce(state.ontology_hash, '') AS ontology_hash,
  EXISTS { (:Document {id: $document}) } AS known,
  COLLECT { UNWIND $ids.others AS id MATCH (d:Document {id: id}) RETURN d.id } AS others,
  COLLECT { UNWIND $ids.Thing AS id MATCH (n:Merged {id: id}) RETURN n.id } AS revived,
  COLLECT {
    UNWIND $ids.Thing AS id MATCH (n:Thing {id: id})
    RETURN [labels(n), properties(n),
            COLLECT { MATCH (n)-[r:IN_SECTOR|UNDER]->(m) RETURN [type(r), labels(m), m.id, properties(r)] },
            COLLECT { MATCH (n)<-[r:MERGED_INTO|DECIDED_ON]-(m) RETURN [type(r), labels(m), m.id, properties(r)] }]
  } AS things,
  COLLECT {
    UNWIND $ids.Heading AS id MATCH (n:Heading {id: id})
    RETURN [labels(n), properties(n),
            COLLECT { MATCH (n)-[r:UNDER]->(m) RETURN [type(r), labels(m), m.id, properties(r)] }, []]
  } AS headings,
  COLLECT {
    UNWIND $ids.Merged AS id MATCH (n:Merged {id: id})
    RETURN [labels(n), properties(n),
            COLLECT { MATCH (n)-[r:MERGED_INTO]->(m) RETURN [type(r), labels(m), m.id, properties(r)] }, []]
  } AS merged,
  COLLECT {
    UNWIND $ids.Decision AS id MATCH (n:Decision {id: id})
    RETURN [labels(n), properties(n),
            COLLECT { MATCH (n)-[r:DECIDED_ON]->(m) RETURN [type(r), labels(m), m.id, properties(r)] }, []]
  } AS decisions,
  COLLECT { UNWIND $ids.Sector AS id MATCH (n:Sector {id: id}) RETURN [labels(n), properties(n), [], []] } AS sectors,
  COLLECT { UNWIND $ids.Position AS id MATCH (n:Position {id: id}) RETURN [labels(n), properties(n), [], []] } AS positions,
  COLLECT { UNWIND $ids.Study AS id MATCH (n:Study {id: id}) RETURN [labels(n), properties(n), [], []] } AS studies,
  COLLECT { UNWIND $ids.ExtractionRun AS id MATCH (n:ExtractionRun {id: id}) RETURN [labels(n), properties(n), [], []] } AS runs
