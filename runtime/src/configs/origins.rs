//! Who decides what: the one table of the calls that the members vote on.
//!
//! A row is a track: its name is the origin that pallets ask for in their `Config`, beside it stands the share of
//! the members that it needs, and below it the calls that are decided on it. To amend a majority, change its word
//! here; to put a call to the vote, add its line here and give its pallet the track as origin. A test goes through
//! all calls of the runtime and names every one that has an origin of the members' and no line, or another track.

use super::{
	governance::Enactable,
	majority::{self, Majority},
};
use crate::*;
use frame_support::traits::{Contains, EnsureOrigin};
use hanse_primitives::InstitutionId;
use pallet_supervision::Target;

/// How a call is decided, and about whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ballot {
	/// The track of the call.
	pub track: Track,
	/// The institution that is accused and has no say.
	pub accused: Option<InstitutionId>,
}

macro_rules! tracks {
	($(
		$(#[$doc:meta])*
		$track:ident: $majority:ident {
			$( $pallet:ident($of:ident::$call:ident $fields:tt) $(if $guard:expr)? $(=> $accused:expr)?; )+
		}
	)+) => {
		/// A kind of decision, which gives its majority to all calls that are decided on it.
		#[derive(Clone, Copy, Debug, Eq, PartialEq)]
		pub enum Track {
			$( $(#[$doc])* $track, )+
		}

		impl Track {
			/// All of them.
			pub const ALL: &'static [Track] = &[$(Track::$track),+];

			/// The share of the members that it needs.
			pub const fn majority(self) -> Majority {
				match self {
					$( Track::$track => Majority::$majority, )+
				}
			}

			/// The calls that are decided on it, by pallet and name.
			pub const fn calls(self) -> &'static [(&'static str, &'static str)] {
				match self {
					$( Track::$track => &[$((stringify!($pallet), stringify!($call))),+], )+
				}
			}

			/// Whether its calls are about a member, who has no say.
			pub const fn has_accused(self) -> bool {
				match self {
					$( Track::$track => {
						let accused: &[&str] = &[$($(stringify!($accused),)?)+];
						!accused.is_empty()
					}, )+
				}
			}
		}

		/// On which track `call` is decided, and about whom; `None` if it cannot be put to a vote.
		pub fn ballot_of(call: &RuntimeCall) -> Option<Ballot> {
			match call {
				$($(
					RuntimeCall::$pallet($of::Call::$call $fields) $(if $guard)? => {
						let accused = None::<InstitutionId>;
						$( let accused = accused.or($accused); )?
						Some(Ballot { track: Track::$track, accused })
					},
				)+)+
				_ => None,
			}
		}

		$(
			$(#[$doc])*
			pub struct $track;

			impl EnsureOrigin<RuntimeOrigin> for $track {
				type Success = ();

				fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
					majority::try_vote(Track::$track, origin)
				}
			}
		)+
	};
}

tracks! {
	/// Who becomes a member.
	Admission: ThreeQuarters {
		Institutions(pallet_institutions::admit { .. });
	}

	/// Which applicant is sent away.
	Rejection: MoreThanHalf {
		Institutions(pallet_institutions::reject { .. });
	}

	/// Which member has to go. It has no say.
	Expulsion: ThreeQuarters {
		Institutions(pallet_institutions::expel { institution }) => Some(*institution);
	}

	/// What the chain itself does after its notice: upgrades, and pauses of calls.
	Enactment: ThreeQuarters {
		Rulebook(pallet_rulebook::enact { call }) if Enactable::contains(call);
	}

	/// What the rules say.
	RuleChange: TwoThirds {
		Rulebook(pallet_rulebook::amend { .. });
		Rulebook(pallet_rulebook::retract { .. });
	}

	/// Who has an office: agent, auditor, supervisor.
	Appointment: TwoThirds {
		Clearing(pallet_clearing::appoint_deposit_role { .. });
		Supervision(pallet_supervision::appoint_supervisor { .. });
		Supervision(pallet_supervision::dismiss_supervisor { .. });
	}

	/// What is found against a member, or for it. It has no say.
	Judgement: TwoThirds {
		Conduct(pallet_conduct::uphold_complaint { merchant, .. }) => Some(*merchant);
		Conduct(pallet_conduct::reverse_fine { fine }) => Some(fine.member);
		Supervision(pallet_supervision::ratify_halt { target }) => halted(target);
	}

	/// Which halt ends at once. The member that is halted has no say.
	Relief: MoreThanHalf {
		Supervision(pallet_supervision::lift_halt { target }) => halted(target);
	}

	/// What cannot wait: safe mode, and finality after a loss of authorities.
	Emergency: MoreThanHalf {
		Authorities(pallet_authorities::restart_finality { .. });
		SafeMode(pallet_safe_mode::force_enter {});
		SafeMode(pallet_safe_mode::force_extend {});
		SafeMode(pallet_safe_mode::force_exit {});
	}
}

/// The institution that a halt of `target` is about, if it is about one.
fn halted(target: &Target<AccountId>) -> Option<InstitutionId> {
	match target {
		Target::Institution(institution) => Some(*institution),
		Target::Program(program) => {
			pallet_points::Programs::<Runtime>::get(program).map(|program| program.issuer)
		},
		Target::Customer(_) => None,
	}
}
