//! One resource of any type that is read.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lenient::Text;
use super::resources::{
    AllergyIntolerance, CarePlan, CareTeam, Condition, Coverage, Encounter, Medication,
    MedicationAdministration, MedicationDispense, MedicationRequest, MedicationStatement, Observation,
    Organization, Patient, Practitioner, PractitionerRole, Procedure, ServiceRequest,
};

/// Declares the enum of resources and how each is read, so that a type is named once.
macro_rules! resources {
    ($($name:ident),*) => {
        /// A resource of a type that is read; any other is [`Resource::Other`].
        #[derive(Debug, Clone)]
        pub enum Resource<'a> {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                $name(Box<$name<'a>>),
            )*
            /// `OperationOutcome`: the sender says that something went wrong.
            OperationOutcome,
            /// A type that is not read, by name.
            Other(Cow<'a, str>),
        }

        impl<'a> Resource<'a> {
            /// `resourceType`.
            #[must_use]
            pub fn type_name(&self) -> &str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::OperationOutcome => "OperationOutcome",
                    Self::Other(name) => name,
                }
            }

            /// Reads the members that follow `resourceType`.
            pub(crate) fn rest<'de: 'a, A: MapAccess<'de>>(kind: Cow<'de, str>, map: A) -> Result<Self, A::Error> {
                match kind.as_ref() {
                    $(stringify!($name) => {
                        $name::deserialize(MapAccessDeserializer::new(map)).map(|view| Self::$name(Box::new(view)))
                    })*
                    _ => {
                        let mut map = map;
                        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                        Ok(Self::other(kind))
                    }
                }
            }

            /// Reads a whole resource of a known type.
            fn whole(kind: &str, json: &'a str) -> Result<Self, serde_json::Error> {
                match kind {
                    $(stringify!($name) => serde_json::from_str(json).map(|view| Self::$name(Box::new(view))),)*
                    _ => Ok(Self::other(Cow::Owned(kind.to_owned()))),
                }
            }
        }
    };
}

resources!(
    AllergyIntolerance,
    CarePlan,
    CareTeam,
    Condition,
    Coverage,
    Encounter,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
    Observation,
    Organization,
    Patient,
    Practitioner,
    PractitionerRole,
    Procedure,
    ServiceRequest
);

impl<'a> Resource<'a> {
    fn other(kind: Cow<'a, str>) -> Self {
        if kind == "OperationOutcome" { Self::OperationOutcome } else { Self::Other(kind) }
    }

    /// Reads a resource wherever its `resourceType` stands.
    ///
    /// # Errors
    /// If it is not an object with a `resourceType`, or holds text that is not Unicode.
    pub fn read(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        serde_json::from_str(raw.get()).or_else(|_| {
            let kind: Kind<'_> = serde_json::from_str(raw.get())?;
            let kind =
                kind.resource_type.get().ok_or_else(|| serde_json::Error::custom("no resourceType"))?;
            Self::whole(kind, raw.get())
        })
    }
}

#[derive(serde::Deserialize)]
struct Kind<'a> {
    #[serde(borrow, default, rename = "resourceType")]
    resource_type: Text<'a>,
}

/// In one pass, where `resourceType` is the first member, as servers write it; [`Resource::read`] reads the rest.
impl<'de: 'a, 'a> Deserialize<'de> for Resource<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ResourceVisitor;
        impl<'de> Visitor<'de> for ResourceVisitor {
            type Value = Resource<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                match map.next_key::<&'de str>()? {
                    Some("resourceType") => Resource::rest(Cow::Borrowed(map.next_value::<&'de str>()?), map),
                    _ => Err(A::Error::custom("resourceType is not the first member")),
                }
            }
        }
        deserializer.deserialize_map(ResourceVisitor)
    }
}
