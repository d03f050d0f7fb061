//! What has to be true at the end.

use super::{
	INSTITUTION, ROLES, Scene,
	player::{self, PAID, Player},
};
use crate::{
	PATIENCE,
	chain::{self, FACE_VALUE, Flows},
	gateway::Gateway,
	receiver::Receiver,
	shop::Shop,
};
use futures::{StreamExt, stream};
use hanse_chain::reads::OrderId;
use hanse_gateway::{
	model::Role,
	orders::commitment::{Scope, commitment},
};
use serde_json::Value;
use std::{
	collections::{BTreeMap, BTreeSet},
	time::{Duration, Instant},
};
use tokio::time::sleep;

const TABLES: [&str; 4] = ["events", "blocks", "vintages", "payments"];

/// How many operations there are by their status.
async fn by_status(gateway: &Gateway) -> BTreeMap<String, u64> {
	let store = gateway.store().await;
	let rows: Vec<(String, i64)> = sqlx::query_as("SELECT status, COUNT(*) FROM operations GROUP BY status")
		.fetch_all(store.read())
		.await
		.unwrap();
	rows.into_iter().map(|(status, count)| (status, count.unsigned_abs())).collect()
}

/// Waits until every operation is, and none is anything else.
pub async fn all_is_final(gateway: &Gateway, operations: u64) {
	// A block has room for few refunds.
	let patience = PATIENCE + Duration::from_millis(500 * operations);
	let end = Instant::now() + patience;
	let expected = BTreeMap::from([("final".to_owned(), operations)]);
	let mut found = by_status(gateway).await;
	while found != expected {
		assert!(Instant::now() < end, "not all is final after {patience:?}: {found:?}");
		sleep(Duration::from_millis(300)).await;
		found = by_status(gateway).await;
	}
	let store = gateway.store().await;
	let sent: Vec<(String, i64)> =
		sqlx::query_as("SELECT status, COUNT(*) FROM transactions GROUP BY status")
			.fetch_all(store.read())
			.await
			.unwrap();
	println!("{} operations are final; transactions: {sent:?}", operations);
}

/// Every message of the endpoint came, and they tell of each order.
pub async fn webhooks_are_complete(player: &Player, receiver: &Receiver, endpoint: &str) {
	let end = Instant::now() + PATIENCE;
	let last = loop {
		let found = player.shop.get(&format!("/v1/webhooks/{endpoint}"), Role::Admin).await;
		let last = found["sequence"].as_u64().unwrap();
		if receiver.complete_to() >= last {
			break last;
		}
		assert!(Instant::now() < end, "of {last} messages {} came without a gap", receiver.complete_to());
		sleep(Duration::from_millis(300)).await;
	};
	let (mut awarded, mut paid, mut refunded) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
	let mut told = 0;
	for message in receiver.messages() {
		let data = &message["data"];
		let mut once = |told_of: &mut BTreeSet<String>, data: &Value| {
			assert!(told_of.insert(data["reference"].as_str().unwrap().to_owned()), "twice: {message}");
			told += 1;
		};
		match message["type"].as_str().unwrap() {
			"award.issued" => once(&mut awarded, data),
			"award.batch_issued" => {
				data["awards"].as_array().unwrap().iter().for_each(|award| once(&mut awarded, award));
			},
			"payment.paid" => once(&mut paid, data),
			"refund.made" => once(&mut refunded, data),
			"cycle.settled" => {},
			other => panic!("{other}: {message}"),
		}
	}
	let found = (awarded.len() as u64, paid.len() as u64, refunded.len() as u64);
	assert_eq!(found, (player.sizes.awards, player.sizes.slips, player.sizes.refunds));
	let (refused, repeated) = receiver.refused_and_repeated();
	println!(
		"{last} webhooks without a gap tell {told} things once ({refused} not taken at first, {repeated} came again)"
	);
}

/// To the unit, and order by order.
pub async fn chain_has_each_once(scene: &Scene, player: &Player) {
	let refunded: u64 = (0..player.sizes.refunds).map(player::refund).sum();
	let expected = Flows {
		issued: player.awarded().into(),
		redeemed: (player.sizes.slips * PAID).into(),
		reinstated: refunded.into(),
	};
	assert_eq!(chain::flows(&scene.node, scene.program).await, expected);
	let receipts = stream::iter(player.slips()).map(|(number, slip)| async move {
		let commitment = commitment(&[7; 32], Scope::Payment, &format!("P-{number}")).0;
		let order = OrderId { era: u32::try_from(slip["era"].as_u64().unwrap()).unwrap(), commitment };
		let refunded = if number < player.sizes.refunds { player::refund(number) } else { 0 };
		let [price, refunded] = [PAID, refunded].map(|points| u128::from(points * u64::from(FACE_VALUE)));
		let found = chain::receipt(&player.node, INSTITUTION, player::payer(number), order).await;
		assert_eq!(found, Some((price, refunded)), "P-{number}");
	});
	let count = receipts.buffered(32).count().await;
	assert_eq!(count as u64, player.sizes.slips);
	println!("the chain has {expected:?} and {count} receipts");
}

pub async fn books_agree(gateway: &Gateway) {
	let output = gateway.run(&["reconcile"]).await;
	let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
	assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
	println!("reconcile: {said}");
}

async fn exported(shop: &Shop) -> BTreeMap<&'static str, String> {
	let mut all = BTreeMap::new();
	for table in TABLES {
		all.insert(table, shop.export(table).await);
	}
	all
}

/// The same bytes from the export, and all repeats come to nothing.
pub async fn database_is_rebuilt(scene: &mut Scene, player: &Player) {
	let before = exported(&player.shop).await;
	scene.gateway.stop().await;
	scene.gateway.forget().await;
	let shop = Shop::of(&scene.gateway, INSTITUTION, &ROLES).await;
	let began = Instant::now();
	scene.gateway.start();
	scene.gateway.answers().await;
	let mut after = exported(&shop).await;
	while after["blocks"].len() < before["blocks"].len() {
		assert!(began.elapsed() < PATIENCE, "the index is not built again");
		sleep(Duration::from_millis(200)).await;
		after = exported(&shop).await;
	}
	for table in TABLES {
		// The chain goes on.
		assert!(after[table].starts_with(&before[table]), "{table} is not the same");
	}
	println!(
		"the database was deleted, and {} blocks are there again after {:.1?}: {} bytes of the export are the same",
		before["blocks"].lines().count(),
		began.elapsed(),
		before.values().map(String::len).sum::<usize>()
	);

	let player = player.with(shop);
	assert_eq!(player.ask_again("rebuilt").await, 0, "nothing of it is known any more");
	player.fund().await;
	all_is_final(&scene.gateway, player.sizes.operations()).await;
	chain_has_each_once(scene, &player).await;
	let store = scene.gateway.store().await;
	let served: i64 = sqlx::query_scalar(
		"SELECT COUNT(*) FROM operations WHERE kind IN ('award', 'present_slip') AND result LIKE '%\"served_before\":true%'",
	)
	.fetch_one(store.read())
	.await
	.unwrap();
	assert_eq!(served.unsigned_abs(), player.award_count() + player.sizes.slips);
	println!("{served} awards and slips that were asked for again had been served before, by the chain");
	books_agree(&scene.gateway).await;
}
