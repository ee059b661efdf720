/**
 * Fields of meaning and the family that stands closest to each. A field without a family holds things nothing here
 * resembles; it keeps them from being read as typing mistakes (`horse` is not a misspelt `house`).
 */
const FIELDS: readonly { readonly field: string; readonly family: string | null; readonly words: string }[] = [
  {
    field: 'weapons and tools',
    family: 'sword',
    words:
      'weapon blade axe spear lance mace hammer warhammer halberd pike staff wand club bow crossbow arrow shield knife shiv machete scythe sickle pickaxe trident whip flail polearm glaive armor armour helmet gun rifle pistol musket tool wrench saw screwdriver shovel spade rake pitchfork crowbar scissors razor chisel fork spoon cutlery arsenal baton nunchaku shuriken bayonet harpoon stiletto',
  },
  {
    field: 'things to sit or lie on',
    family: 'chair',
    words:
      'seat sofa couch loveseat ottoman recliner hammock swing bed cot crib mattress pew saddle cushion pillow futon divan lounger deckchair wheelchair cradle bunk sunbed perch seating',
  },
  {
    field: 'furniture',
    family: 'table',
    words:
      'furniture cabinet shelf shelves bookshelf bookcase cupboard wardrobe dresser drawer drawers closet sideboard rack lectern podium altar anvil easel stand pedestal countertop counter bar tray board piano workstation shelving vanity pulpit stage bridge platform plinth pallet',
  },
  {
    field: 'containers',
    family: 'barrel',
    words:
      'container box crate chest case trunk bucket basket pot vase jar jug bottle vat tub bin can tank drum canister urn cauldron kettle bowl cup mug goblet chalice flask vial potion bag sack backpack suitcase package parcel coffin sarcophagus safe vessel pail churn hogshead amphora teapot planter bathtub well fountain cylinder pipe wheel cannon wagon cart',
  },
  {
    field: 'buildings',
    family: 'house',
    words:
      'building castle church cathedral chapel temple mosque shrine palace mansion villa apartment skyscraper school hospital shop store market inn tavern pub bakery smithy forge mill windmill watermill lighthouse fort fortress keep citadel gatehouse gate wall bungalow shed stable stall garage warehouse factory greenhouse tent yurt igloo tipi teepee pavilion gazebo kiosk town city village kennel library museum bank station hotel motel hostel prison jail monastery abbey observatory outpost bunker base residence dwelling shelter architecture pagoda dojo pyramid ruin ruins saloon cafe restaurant office home shack coop doghouse dollhouse door window roof chimney balcony arch archway facade',
  },
  {
    field: 'plants',
    family: 'tree',
    words:
      'plant bush shrub hedge flower rose tulip sunflower daisy lily orchid fern grass weed vine ivy cactus succulent mushroom fungus forest wood woods grove jungle leaf branch twig stump trunk root sapling seedling bamboo bonsai topiary fruit apple banana vegetable pumpkin carrot cabbage corn wheat garden herb moss seaweed kelp nature vegetation foliage reed lotus blossom petal coral',
  },
  {
    field: 'lights',
    family: 'lamp',
    words:
      'light lighting lightbulb bulb torch flashlight spotlight beacon fire campfire bonfire fireplace brazier flame chandelier sconce candelabra neon headlight fixture luminaire lampshade lamplight glow led lightsaber firefly lamppost streetlight menorah incense',
  },
  {
    field: 'minerals and terrain',
    family: 'rock',
    words:
      'mineral gem gemstone crystal diamond ruby emerald sapphire amethyst quartz ore nugget ingot coal geode meteor meteorite asteroid mountain hill cliff cave terrain island planet moon volcano pebble gravel brick tombstone gravestone headstone grave monument monolith obelisk menhir megalith dolmen statue sculpture bust totem idol egg fossil bone skull shell lava iceberg glacier snowball potato bread cheese loaf meteoroid stalagmite stalactite landscape ground dirt sand snow ice',
  },
  {
    field: 'living beings',
    family: null,
    words:
      'animal creature monster beast dragon dinosaur horse mouse rat cat dog puppy kitten wolf fox bear lion tiger deer cow bull pig sheep goat lamb chicken duck goose bird eagle owl fish shark whale dolphin frog toad snake lizard turtle spider ant bee butterfly rabbit hare monkey ape gorilla elephant giraffe zebra camel panda koala penguin crab octopus squid snail worm unicorn griffin phoenix ghost zombie skeleton goblin orc elf troll ogre giant demon angel vampire werewolf alien robot android mech human man woman boy girl kid baby person people character hero knight warrior wizard witch king queen prince princess soldier archer samurai ninja pirate farmer villager guard merchant hand head face eye body stallion pony donkey mule hen rooster moose crow swan seal crane mole otter beaver bat bison',
  },
  {
    field: 'vehicles and machines',
    family: null,
    words:
      'car truck bus van bike bicycle motorcycle scooter train tram plane airplane aircraft helicopter jet drone rocket spaceship spacecraft starship ufo satellite ship boat canoe kayak raft submarine yacht vehicle tractor excavator carriage sled sleigh skateboard engine machine computer laptop keyboard monitor phone smartphone television camera radio clock watch speaker headphones printer router console controller book scroll map letter paper pen pencil key coin ring crown necklace amulet hat boot boots shoe shoes glove shirt dress cloak mask instrument guitar violin drumkit flute trumpet harp toy doll ball balloon kite dice card puzzle cake pizza burger sandwich hamburger donut icecream food drink cable rope chain lock hook sail anchor flag banner ladder stairs fence bell mirror picture painting rug carpet curtain clockwork gear cog battery horn soap comb cloud river bath',
  },
];

const FIELD_OF_WORD = new Map<string, { readonly field: string; readonly family: string | null }>(
  FIELDS.flatMap(({ field, family, words }) => words.split(' ').map((word) => [word, { field, family }] as const)),
);

/** The field a word belongs to and the family closest to it (null: none comes close), or undefined. */
export function fieldOf(word: string): { readonly field: string; readonly family: string | null } | undefined {
  return FIELD_OF_WORD.get(word);
}
