//! Whatever is killed when, each order is served once.
//!
//! A shop awards points, presents slips that its customers signed, and refunds, while gateway and node are killed with
//! SIGKILL at random. Whoever gets no answer asks again. Sizes: `HANSE_CRASH_AWARDS`, `_SLIPS`, `_REFUNDS`, `_KILLS`,
//! `_NODE_KILLS`; and `HANSE_CRASH_SEED`.

mod ending;
mod player;

use crate::{
	ALONE, Dice, chain, gateway::Gateway, node::NodeProcess, receiver::Receiver, setting, shop::Shop,
};
use hanse_chain::Node;
use hanse_gateway::model::{Delegation, Role};
use player::{Pace, Player, Sizes};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Whose gateway it is.
const INSTITUTION: u32 = 1;
const ROLES: [Role; 4] = [Role::Issuer, Role::Till, Role::Registrar, Role::Admin];

/// All that runs.
struct Scene {
	folder: tempfile::TempDir,
	node_process: NodeProcess,
	node: Node,
	gateway: Gateway,
	program: u16,
}

impl Scene {
	async fn open() -> Self {
		let folder = tempfile::tempdir().unwrap();
		let node_process = NodeProcess::start(folder.path(), "dev");
		let node = node_process.connect().await;
		let delegations = [Delegation::Issue, Delegation::Cashier, Delegation::Registrar];
		let programs = chain::found(&node, [INSTITUTION].into_iter(), &delegations, None).await;
		let lanes = delegations.map(|of| (INSTITUTION, of)).to_vec();
		let gateway = Gateway::prepare(folder.path(), &node_process.url(), lanes).await;
		Self { folder, node_process, node, gateway, program: programs[&INSTITUTION] }
	}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a built node"]
async fn each_order_is_served_once_whatever_is_killed() {
	let _alone = ALONE.lock().await;
	let sizes = Sizes {
		awards: setting("HANSE_CRASH_AWARDS", 300),
		slips: setting("HANSE_CRASH_SLIPS", 20),
		refunds: setting("HANSE_CRASH_REFUNDS", 8),
	};
	let (kills, node_kills) = (setting("HANSE_CRASH_KILLS", 5), setting("HANSE_CRASH_NODE_KILLS", 1));

	// GIVEN a shop that is told what happens
	let mut scene = Scene::open().await;
	let shop = Shop::of(&scene.gateway, INSTITUTION, &ROLES).await;
	scene.gateway.start();
	let receiver = Receiver::start().await;
	player::welcome(&shop, scene.program).await;
	let endpoint = player::be_told(&shop, &receiver).await;
	let player = Player::new(shop, scene.node.clone(), receiver.clone(), scene.program, sizes);

	// WHEN gateway and node are killed while it works
	let began = Instant::now();
	let (pace, killing) = Pace::new();
	let playing = tokio::spawn({
		let player = player.clone();
		async move { player.play(&pace).await }
	});
	kill(&mut scene, kills, node_kills, |share| _ = killing.send_replace(share)).await;
	playing.await.unwrap();
	ending::all_is_final(&scene.gateway, sizes.operations() + player::CUSTOMERS).await;
	println!(
		"{} awards, {} slips, {} refunds; {kills} kills of the gateway, {node_kills} of the node; asked again {} times: {:.0?}",
		sizes.awards,
		sizes.slips,
		sizes.refunds,
		player.repeated(),
		began.elapsed()
	);

	// THEN everything happened once
	ending::webhooks_are_complete(&player, &receiver, &endpoint).await;
	ending::chain_has_each_once(&scene, &player).await;
	ending::books_agree(&scene.gateway).await;

	// AND whoever asks for all of it again is served with what there is
	assert_eq!(player.ask_again("again").await, sizes.awards + sizes.slips + sizes.refunds);
	ending::chain_has_each_once(&scene, &player).await;

	// AND the same holds for a gateway whose database was deleted
	ending::database_is_rebuilt(&mut scene, &player).await;
	drop(scene.folder);
}

/// SIGKILL at random, of the node too now and then. `killed` hears of which share of them was done.
async fn kill(scene: &mut Scene, kills: u64, node_kills: u64, killed: impl Fn(f64)) {
	let mut dice = Dice(setting("HANSE_CRASH_SEED", 42));
	let mut nodes = 0;
	for kill in 0..kills {
		// Some while it starts, most while it works.
		if dice.up_to(4) > 0 {
			scene.gateway.answers().await;
		}
		sleep(Duration::from_millis(dice.up_to(2_000))).await;
		if nodes < node_kills && kill >= nodes * kills / node_kills + kills / (2 * node_kills) {
			scene.node_process.kill();
			sleep(Duration::from_millis(dice.up_to(1_000))).await;
			scene.node_process.start_again();
			nodes += 1;
		}
		scene.gateway.kill();
		scene.gateway.start();
		killed((kill + 1) as f64 / kills as f64);
	}
	assert_eq!(nodes, node_kills, "there are more kills of the node than of the gateway");
	killed(1.0);
}
