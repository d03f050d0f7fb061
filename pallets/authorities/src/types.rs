use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{InstitutionId, Moment, MAX_AUTHORITIES};
use scale_info::TypeInfo;
use sp_runtime::BoundedVec;
use sp_staking::SessionIndex;

/// A place in the order in which operators came in or out. Nothing else decides who serves next, so an
/// order of joining the alliance has no say in it.
pub type QueuePosition = u64;

/// The authorities of a session in the order of their slots, each with the blocks that it made.
pub type BlocksMade = BoundedVec<(InstitutionId, u32), ConstU32<MAX_AUTHORITIES>>;

/// How somebody served since the last end of an era, in sessions that ended since.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Attendance {
	/// Sessions at whose end it was an operator.
	#[codec(compact)]
	pub wanted: u32,
	/// Sessions in which it was an authority.
	#[codec(compact)]
	pub served: u32,
	/// Whether it was offline in one.
	pub offline: bool,
}

/// A session that has begun.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RunningSession {
	/// Its number.
	pub index: SessionIndex,
	/// The beginning of the slot in which it began; `None` at genesis, which is in no slot.
	pub start: Option<Moment>,
}

/// A restart of finality.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Restart<BlockNumber> {
	/// The block upon which finality goes on.
	pub best_finalised: BlockNumber,
	/// The set of authorities that the nodes wait for.
	pub set_id: u64,
	/// The session that begins with the survivors, once it is planned.
	pub session: Option<SessionIndex>,
}
