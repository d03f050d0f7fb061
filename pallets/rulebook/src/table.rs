//! The macro that turns the table of rules into types, so that a number is written down in one place.

/// Defines [`Rules`](crate::Rules) and everything that names its parts.
///
/// - `numbers`: `field Variant: type = default, in bounds, unit unit;`, of a requirement with `stricter Higher` or
///   `stricter Lower` before the semicolon.
/// - `measures`: `field Variant, in bounds, unit unit;`, what a [`Penalty`] consists of.
/// - `offences`: `field Variant: measure default, …;`, each [`OffenceKind`] that is priced, with its standard penalty.
macro_rules! rules {
	(
		numbers {
			$(
				$(#[$doc:meta])*
				$field:ident $variant:ident: $type:ty = $default:expr, in $bounds:expr, unit $unit:ident
				$(, stricter $direction:ident)?;
			)*
		}
		measures {
			$( $(#[$measure_doc:meta])* $measure:ident $measure_variant:ident, in $measure_bounds:expr, unit $measure_unit:ident; )*
		}
		offences {
			$( $(#[$offence_doc:meta])* $offence:ident $offence_kind:ident: $($part:ident $value:expr),*; )*
		}
	) => {
		/// Every number that the members agreed on, the same for every member. The default is the
		/// standard rules.
		#[derive(
			Clone, Debug, Decode, DecodeWithMemTracking, Deserialize, Encode, Eq, MaxEncodedLen, PartialEq,
			Serialize, TypeInfo,
		)]
		#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
		pub struct Rules {
			$( $(#[$doc])* pub $field: $type, )*
			/// What follows from each offence.
			pub consequences: PenaltyRules,
		}

		impl Default for Rules {
			fn default() -> Self {
				Self { $( $field: $default, )* consequences: PenaltyRules::default() }
			}
		}

		/// The name of one number among the rules.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq,
			PartialOrd, TypeInfo,
		)]
		pub enum Rule {
			$( $(#[$doc])* $variant, )*
			/// One measure of the penalty of an offence that the rules price.
			PenaltyRule(OffenceKind, Measure),
		}

		/// What a penalty consists of.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq,
			PartialOrd, TypeInfo,
		)]
		pub enum Measure {
			$( $(#[$measure_doc])* $measure_variant, )*
		}

		/// What follows from each offence.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Deserialize, Encode, Eq, MaxEncodedLen,
			PartialEq, Serialize, TypeInfo,
		)]
		#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
		pub struct PenaltyRules {
			$( $(#[$offence_doc])* pub $offence: Penalty, )*
		}

		impl Default for PenaltyRules {
			fn default() -> Self {
				Self { $( $offence: Penalty { $( $part: $value, )* }, )* }
			}
		}

		impl Rules {
			/// The value of a rule, in its own unit.
			pub fn get(&self, rule: Rule) -> u128 {
				match rule {
					$( Rule::$variant => self.$field.into(), )*
					Rule::PenaltyRule(offence, measure) => measure.of(&self.penalty(offence)).into(),
				}
			}

			/// Give a rule another value; nothing changes and it says `None` if its type cannot hold it.
			pub fn set(&mut self, rule: Rule, value: u128) -> Option<()> {
				match rule {
					$( Rule::$variant => self.$field = value.try_into().ok()?, )*
					Rule::PenaltyRule(offence, measure) => {
						*measure.of_mut(self.consequences.get_mut(offence)?) = value.try_into().ok()?;
					},
				}
				Some(())
			}

			/// What follows from an offence: nothing, if the rules do not price it.
			pub fn penalty(&self, offence: OffenceKind) -> Penalty {
				match offence {
					$( OffenceKind::$offence_kind => self.consequences.$offence, )*
					_ => Penalty::default(),
				}
			}
		}

		impl Rule {
			/// The values that a vote can reach: hard bounds, which no amendment crosses.
			pub fn bounds(self) -> RangeInclusive<u128> {
				match self {
					$( Rule::$variant => {
						let bounds: RangeInclusive<$type> = $bounds;
						(*bounds.start()).into()..=(*bounds.end()).into()
					}, )*
					Rule::PenaltyRule(offence, measure) if PRICED.contains(&offence) => measure.bounds(),
					Rule::PenaltyRule(..) => 0..=0,
				}
			}

			/// What it counts.
			pub const fn unit(self) -> RuleUnit {
				match self {
					$( Rule::$variant => RuleUnit::$unit, )*
					Rule::PenaltyRule(_, measure) => measure.unit(),
				}
			}

			/// How the rules name it: `admission_bond`, or offence and measure as in `offline.fine`.
			pub fn name(self) -> String {
				match self {
					$( Rule::$variant => stringify!($field).into(), )*
					Rule::PenaltyRule(offence, measure) => [name_of(offence), measure.name()].join("."),
				}
			}

			/// Which way members find a requirement harder to meet; `None` of what is no requirement.
			pub const fn stricter(self) -> Option<Direction> {
				match self {
					$( $( Rule::$variant => Some(Direction::$direction), )? )*
					_ => None,
				}
			}

			/// Every rule, in the order of the table.
			pub fn all() -> impl Iterator<Item = Self> {
				let consequences = PRICED
					.iter()
					.flat_map(|offence| Measure::ALL.iter().map(|measure| Rule::PenaltyRule(*offence, *measure)));
				[$( Rule::$variant, )*].into_iter().chain(consequences)
			}
		}

		/// Every offence that the rules price, in the order of the table. Of bonds and reserves below the rule they say
		/// nothing: who cannot issue for it is punished enough.
		pub const PRICED: &[OffenceKind] = &[$( OffenceKind::$offence_kind, )*];

		/// How the rules name an offence.
		fn name_of(offence: OffenceKind) -> &'static str {
			match offence {
				$( OffenceKind::$offence_kind => stringify!($offence), )*
				_ => "",
			}
		}

		impl Measure {
			/// Every measure, in the order of the table.
			pub const ALL: &'static [Self] = &[$( Self::$measure_variant, )*];

			fn name(self) -> &'static str {
				match self {
					$( Self::$measure_variant => stringify!($measure), )*
				}
			}

			/// This measure of a penalty.
			pub const fn of(self, penalty: &Penalty) -> u32 {
				match self {
					$( Self::$measure_variant => penalty.$measure, )*
				}
			}

			fn of_mut(self, penalty: &mut Penalty) -> &mut u32 {
				match self {
					$( Self::$measure_variant => &mut penalty.$measure, )*
				}
			}

			const fn unit(self) -> RuleUnit {
				match self {
					$( Self::$measure_variant => RuleUnit::$measure_unit, )*
				}
			}

			fn bounds(self) -> RangeInclusive<u128> {
				match self {
					$( Self::$measure_variant => $measure_bounds, )*
				}
			}
		}

		impl PenaltyRules {
			fn get_mut(&mut self, offence: OffenceKind) -> Option<&mut Penalty> {
				match offence {
					$( OffenceKind::$offence_kind => Some(&mut self.$offence), )*
					_ => None,
				}
			}
		}
	};
}
