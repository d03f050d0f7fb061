//! The macro that turns the table of rules into types, so that a number is written down in one place.

/// Defines [`Rules`](crate::Rules) and everything that names its parts.
///
/// - `numbers`: `field Variant: type = default, in bounds, unit unit;`, of a requirement with `stricter Higher` or
///   `stricter Lower` before the semicolon.
/// - `measures`: `field Variant, in bounds, unit unit;`, what a consequence consists of.
/// - `deeds`: `field Variant: measure default, …;`, each kind of deed with its standard consequence.
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
		deeds {
			$( $(#[$deed_doc:meta])* $deed:ident $deed_variant:ident: $($part:ident $value:expr),*; )*
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
			/// What follows from each kind of deed.
			pub consequences: Consequences,
		}

		impl Default for Rules {
			fn default() -> Self {
				Self { $( $field: $default, )* consequences: Consequences::default() }
			}
		}

		/// The name of one number among the rules.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq,
			PartialOrd, TypeInfo,
		)]
		pub enum Rule {
			$( $(#[$doc])* $variant, )*
			/// One measure of the consequence of one kind of deed.
			Consequence(DeedKind, Measure),
		}

		/// The kinds of deeds that the rules price. What exactly a member did, and how the chain saw it,
		/// is a deed of conduct.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq,
			PartialOrd, TypeInfo,
		)]
		pub enum DeedKind {
			$( $(#[$deed_doc])* $deed_variant, )*
		}

		/// What a consequence consists of.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, Ord, PartialEq,
			PartialOrd, TypeInfo,
		)]
		pub enum Measure {
			$( $(#[$measure_doc])* $measure_variant, )*
		}

		/// What follows from one kind of deed.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Deserialize, Encode, Eq, MaxEncodedLen,
			PartialEq, Serialize, TypeInfo,
		)]
		#[serde(rename_all = "camelCase", deny_unknown_fields)]
		pub struct Consequence {
			$( $(#[$measure_doc])* pub $measure: u32, )*
		}

		/// What follows from each kind of deed.
		#[derive(
			Clone, Copy, Debug, Decode, DecodeWithMemTracking, Deserialize, Encode, Eq, MaxEncodedLen,
			PartialEq, Serialize, TypeInfo,
		)]
		#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
		pub struct Consequences {
			$( $(#[$deed_doc])* pub $deed: Consequence, )*
		}

		impl Default for Consequences {
			fn default() -> Self {
				Self { $( $deed: Consequence { $( $part: $value, )* }, )* }
			}
		}

		impl Rules {
			/// The value of a rule, in its own unit.
			pub fn get(&self, rule: Rule) -> u128 {
				match rule {
					$( Rule::$variant => self.$field.into(), )*
					Rule::Consequence(deed, measure) => self.consequence(deed).get(measure).into(),
				}
			}

			/// Give a rule another value; nothing changes and it says `None` if its type cannot hold it.
			pub fn set(&mut self, rule: Rule, value: u128) -> Option<()> {
				match rule {
					$( Rule::$variant => self.$field = value.try_into().ok()?, )*
					Rule::Consequence(deed, measure) => {
						*self.consequences.get_mut(deed).get_mut(measure) = value.try_into().ok()?;
					},
				}
				Some(())
			}

			/// What follows from a kind of deed.
			pub fn consequence(&self, deed: DeedKind) -> Consequence {
				match deed {
					$( DeedKind::$deed_variant => self.consequences.$deed, )*
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
					Rule::Consequence(_, measure) => measure.bounds(),
				}
			}

			/// What it counts.
			pub const fn unit(self) -> Unit {
				match self {
					$( Rule::$variant => Unit::$unit, )*
					Rule::Consequence(_, measure) => measure.unit(),
				}
			}

			/// How the rules name it: `admission_bond`, or deed and measure as in `offline.fine`.
			pub fn name(self) -> String {
				match self {
					$( Rule::$variant => stringify!($field).into(), )*
					Rule::Consequence(deed, measure) => [deed.name(), measure.name()].join("."),
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
				let consequences = DeedKind::ALL
					.iter()
					.flat_map(|deed| Measure::ALL.iter().map(|measure| Rule::Consequence(*deed, *measure)));
				[$( Rule::$variant, )*].into_iter().chain(consequences)
			}
		}

		impl DeedKind {
			/// Every kind of deed, in the order of the table.
			pub const ALL: &'static [Self] = &[$( Self::$deed_variant, )*];

			fn name(self) -> &'static str {
				match self {
					$( Self::$deed_variant => stringify!($deed), )*
				}
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

			const fn unit(self) -> Unit {
				match self {
					$( Self::$measure_variant => Unit::$measure_unit, )*
				}
			}

			fn bounds(self) -> RangeInclusive<u128> {
				match self {
					$( Self::$measure_variant => $measure_bounds, )*
				}
			}
		}

		impl Consequence {
			/// One measure of it.
			pub const fn get(&self, measure: Measure) -> u32 {
				match measure {
					$( Measure::$measure_variant => self.$measure, )*
				}
			}

			fn get_mut(&mut self, measure: Measure) -> &mut u32 {
				match measure {
					$( Measure::$measure_variant => &mut self.$measure, )*
				}
			}
		}

		impl Consequences {
			fn get_mut(&mut self, deed: DeedKind) -> &mut Consequence {
				match deed {
					$( DeedKind::$deed_variant => &mut self.$deed, )*
				}
			}
		}
	};
}
