//! Where the chain and the index stand, for all that wait for it.

use tokio::sync::{broadcast, watch};

/// As many blocks may pass before somebody who does not listen misses one, and is told so.
const BACKLOG: usize = 1024;

/// A block, by number and hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
	pub number: u64,
	pub hash: [u8; 32],
}

/// A final block that is in the index now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indexed {
	pub number: u64,
	pub hash: [u8; 32],
	/// The block's own timestamp.
	pub time: u64,
}

/// The newest blocks of the node, and the blocks that become indexed. Clones are the same.
#[derive(Clone, Debug)]
pub struct Heads {
	finalized: watch::Sender<Head>,
	best: watch::Sender<Head>,
	last: watch::Sender<Option<Indexed>>,
	indexed: broadcast::Sender<Indexed>,
}

impl Default for Heads {
	fn default() -> Self {
		Self {
			finalized: watch::Sender::default(),
			best: watch::Sender::default(),
			last: watch::Sender::default(),
			indexed: broadcast::Sender::new(BACKLOG),
		}
	}
}

impl Heads {
	/// The node's newest final block.
	pub fn finalized(&self) -> watch::Receiver<Head> {
		self.finalized.subscribe()
	}

	/// The node's best block, which can still be replaced.
	pub fn best(&self) -> watch::Receiver<Head> {
		self.best.subscribe()
	}

	/// The last block in the index; none until it is known.
	pub fn last_indexed(&self) -> watch::Receiver<Option<Indexed>> {
		self.last.subscribe()
	}

	/// Each block that becomes indexed from now on.
	pub fn indexed(&self) -> broadcast::Receiver<Indexed> {
		self.indexed.subscribe()
	}

	pub(super) fn set_finalized(&self, head: Head) {
		self.finalized.send_if_modified(|old| std::mem::replace(old, head) != head);
	}

	pub(super) fn set_best(&self, head: Head) {
		self.best.send_if_modified(|old| std::mem::replace(old, head) != head);
	}

	pub(super) fn set_indexed(&self, block: Indexed) {
		self.last.send_replace(Some(block));
		// Nobody may be listening.
		let _ = self.indexed.send(block);
	}
}
