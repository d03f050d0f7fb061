//! What a final block tells whom.

use crate::{
	hooks::{Endpoints, queue::enqueue},
	model::{Action, Hash, Order},
	store::{
		Operation, Status, Store, Transaction,
		testing::{TestStore, stores},
	},
};
use hanse_chain::{BlockEvent, FinalBlock, Readings};
use serde_json::{Value, json};

fn event(position: u32, pallet: &str, name: &str, json: Value) -> BlockEvent {
	BlockEvent { position, extrinsic: Some(2), pallet: pallet.into(), name: name.into(), event: None, json }
}

fn block(number: u64, events: Vec<BlockEvent>) -> FinalBlock {
	FinalBlock {
		number,
		hash: [1; 32],
		parent: [0; 32],
		time: 1_793_620_800_000,
		spec_version: 1,
		transactions: vec![],
		events,
		readings: Readings::default(),
	}
}

fn award(id: &str, order: u8, status: Status) -> Operation {
	let order = Order { era: 1, commitment: Hash([order; 32]) };
	Operation {
		id: id.into(),
		institution: 1,
		lane: "1:issue".into(),
		once: None,
		reference: Some(format!("order of {id}")),
		action: Action::Award { program: 5, order, to: hanse_chain::AccountId([9; 32]), points: 10 },
		status,
		tx: None,
		place: None,
		block: Some(40),
		extrinsic: Some(2),
		result: None,
		error: None,
		created: 0,
		updated: 0,
	}
}

async fn add_program(tx: &mut Transaction) {
	sqlx::query("INSERT INTO programs (program, institution, terms, block) VALUES (5, 1, '{}', 1)")
		.execute(&mut **tx)
		.await
		.unwrap();
	// It expires 29 days later.
	sqlx::query(
		"INSERT INTO vintages (asset, program, face_value, expires, opened, supply, pending) \
		 VALUES (51, 5, 1, 1796126400000, 1, 70, 5)",
	)
	.execute(&mut **tx)
	.await
	.unwrap();
}

async fn told(store: &Store, institution: u32, endpoint: &str) -> Vec<Value> {
	let endpoints = Endpoints::new(store.clone(), true);
	let all = endpoints.deliveries(institution, endpoint, None, 0, 100).await.unwrap();
	all.into_iter().map(|delivery| delivery.body).collect()
}

#[tokio::test]
async fn each_institution_is_told_what_is_its_own_with_its_own_references() {
	for TestStore { store, .. } in stores().await {
		let endpoints = Endpoints::new(store.clone(), true);
		let (one, _) = endpoints.create(1, "https://one.example/", vec![]).await.unwrap();
		let (two, _) = endpoints.create(2, "https://two.example/", vec![]).await.unwrap();
		let order = format!("0x{}", "07".repeat(32));
		let block = block(
			40,
			vec![
				event(3, "System", "ExtrinsicSuccess", json!({})),
				event(4, "Points", "PointsIssued", json!({ "program": 5, "amount": "10", "order": order })),
				event(5, "Exchange", "Paid", json!({ "merchant": 2, "price": "99" })),
				event(6, "Clearing", "CycleSettled", json!({ "cycle": 3 })),
			],
		);
		let over = [award("a", 7, Status::Final), award("b", 8, Status::Failed)];
		let mut tx = store.write().await.unwrap();
		add_program(&mut tx).await;
		enqueue(&mut tx, &block, &over).await.unwrap();
		tx.commit().await.unwrap();

		let ones = told(&store, 1, &one.id).await;
		let types: Vec<_> = ones.iter().map(|body| body["type"].as_str().unwrap()).collect();
		assert_eq!(types, ["award.issued", "cycle.settled", "points.expiring", "operation.failed"]);
		let data = &ones[0]["data"];
		assert_eq!(data["reference"], "order of a");
		assert_eq!(data["operation"], "a");
		assert_eq!((&data["block"], &data["position"]), (&json!(40), &json!(4)));
		assert_eq!(ones[2]["data"]["amount"], "75");
		assert_eq!(ones[3]["data"]["operation"], "b");
		let twos = told(&store, 2, &two.id).await;
		let types: Vec<_> = twos.iter().map(|body| body["type"].as_str().unwrap()).collect();
		assert_eq!(types, ["payment.paid", "cycle.settled"]);
	}
}

#[tokio::test]
async fn what_a_block_tells_is_queued_with_it_or_not_at_all() {
	for TestStore { store, .. } in stores().await {
		let endpoints = Endpoints::new(store.clone(), true);
		let (one, _) = endpoints.create(1, "https://one.example/", vec![]).await.unwrap();
		let settled = || block(41, vec![event(1, "Clearing", "CycleSettled", json!({ "cycle": 3 }))]);
		let mut tx = store.write().await.unwrap();
		enqueue(&mut tx, &settled(), &[]).await.unwrap();
		drop(tx);
		assert!(told(&store, 1, &one.id).await.is_empty());
		let mut tx = store.write().await.unwrap();
		enqueue(&mut tx, &settled(), &[]).await.unwrap();
		tx.commit().await.unwrap();
		let sequences: Vec<_> =
			told(&store, 1, &one.id).await.iter().map(|body| body["sequence"].clone()).collect();
		assert_eq!(sequences, [json!(1)]);
	}
}

#[tokio::test]
async fn that_points_expire_is_told_once() {
	for TestStore { store, .. } in stores().await {
		let endpoints = Endpoints::new(store.clone(), true);
		let (one, _) =
			endpoints.create(1, "https://one.example/", vec!["points.expiring".into()]).await.unwrap();
		for number in [20, 21, 40] {
			let mut tx = store.write().await.unwrap();
			if number == 20 {
				add_program(&mut tx).await;
			}
			enqueue(&mut tx, &block(number, vec![]), &[]).await.unwrap();
			tx.commit().await.unwrap();
		}
		assert_eq!(told(&store, 1, &one.id).await.len(), 1);
	}
}
