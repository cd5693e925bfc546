"""What looks are called in captions, what else people talk about, and what stands around it. Tables of phrases."""


def phrases(text: str) -> tuple[str, ...]:
    """Phrases with bars between them; an empty one is none."""
    return tuple(" ".join(part.split()) for part in text.split("|"))


NAMES: dict[str, tuple[str, ...]] = {
    "aurora": phrases(
        """aurora | an aurora | aurora borealis | northern lights | the northern lights | southern lights | lights
        in the night sky of the far north | curtains of light in the sky | glowing curtains over a night sky |
        ribbons of light above the mountains of iceland | solar wind lighting up the sky | a magic sky over finland
        | green lights in the sky above the snow | rays of light over a frozen lake at night | boreal lights | light
        pillars in a winter sky | the sky over alaska at night | celestial curtains | a shimmering night sky in the
        polar circle | veils of light among the stars | sky lights in antarctica | polar night glow"""
    ),
    "silk": phrases(
        """silk | a silk cloth | flowing silk | folds of silk | satin | satin fabric | a satin sheet | velvet folds
        | hanging fabric | cloth in the wind | a billowing curtain | soft textile | a waving flag | a linen cover |
        shiny fabric | a silk shawl in the air | the folds of a gown | fabric with a soft sheen | ribbons of silk |
        an evening dress | a tablecloth with folds | a sari | cashmere | pleated fabric | a kimono sleeve | a sail
        of cloth | a theatre curtain | muslin | wrinkled fabric | a veil"""
    ),
    "ink": phrases(
        """ink | ink in water | drops of ink | a drop of ink in water | ink clouds under water | plumes of ink |
        smoke | wisps of smoke | smoke rising | swirls of smoke | pigment in water | paint dropped into water | dye
        in water | ink on wet paper | an ink spot | sumi-e ink | japanese ink painting | wet paint bleeding into
        paper | billowing smoke in a studio | incense smoke | ink dispersing | the ink of an octopus | coloured
        smoke bombs | milk poured into coffee | ink wash | brush strokes of ink | vapour trails of dye | a stain
        that spreads | tendrils of ink | tinted water in a glass"""
    ),
    "liquid": phrases(
        """liquid | a liquid gradient | a flowing gradient | colour gradient | a soft gradient | blurred colours
        flowing into each other | wax that rises and sinks in a lamp | blobs | melting colours | fluid shapes |
        fluid colours | liquid paint | runny glass | flowing oil paint | wax in a lamp | gel | jelly | syrup | mesh
        gradient wallpaper | a smooth gradient background | colours that melt together | liquid metal | soap film |
        oil on water | acrylic paint flowing | a blob of goo | thick liquid | gradient | smooth colour transitions |
        liquid chrome | custard | a phone wallpaper with a gradient"""
    ),
    "caustics": phrases(
        """caustics | water caustics | light on the floor of a pool | light in a swimming bath | light through water
        | sunlight under water | the bottom of a pool | underwater light | rippling light patterns | light patterns
        in water | reflections of water on a wall | refracted sunlight | the net of light in shallow water | sun
        rays in water | shimmering light in a fountain | pool water seen from above | light dancing on the sea bed |
        light webs under water | glints of light in a clear lagoon | a sunlit reef floor | light bent by ripples | a
        diver's view of light on the sand | bath water with light ripples | aquarium light | dancing reflections
        under a bridge | the tiles of a pool with light on them"""
    ),
    "bokeh": phrases(
        """bokeh | bokeh lights | lights without focus | blurred lights | blurry city lights | fairy lights, unsharp
        | soft circles of light | light circles | lamps with a wide open lens | glowing orbs | floating orbs | soft
        light bubbles | blurred candles | a string of lights without focus | lens blur | lights of a funfair,
        blurred | round spots of light | street lamps in the rain, out of focus | dreamy light dots | unsharp
        traffic lights | glowing balls of light | a blurred night street | the background of a portrait photo |
        light discs | soft glowing dots | blurred lanterns"""
    ),
    "marble": phrases(
        """marble | marble stone | a marble slab | polished marble | stone with veins | veined stone | marble veins
        | a marble kitchen top | a slice of crystal rock | onyx | a gemstone | granite | rock layers | a mineral |
        marbled paper | stone texture | malachite | a slab of crystal | a stone floor in a palace | veins in rock |
        a polished stone surface | sandstone layers | a crystal cut open | italian marble | a marble statue up close
        | natural stone | a stone bathroom wall | alabaster | serpentine | layers of rock"""
    ),
    "embers": phrases(
        """embers | glowing embers | sparks | flying sparks | sparks from a fire | a log fire | fire sparks |
        glowing ashes | ash in the air | hot coals | a fire pit at night | a fireplace | flames and sparks | burning
        coal | lava sparks | sparks rising | fire | fire particles | fireflies | sparks of a welder | a forge | a
        volcano at night | glowing dust | burning paper | a crackling fire | sparks from a torch | sparks in the
        dark | a dying fire | metal sparks | a barbecue at night | glowing particles that rise"""
    ),
    "clouds": phrases(
        """clouds | a cloudy sky | soft clouds | a sky full of clouds | fog | a sea of fog | mist | rolling fog |
        haze | storm clouds | thunderclouds | summer clouds | clouds from a plane | a sky | morning mist | a foggy
        valley | cloudscape | vapour | steam | a misty forest morning | cotton clouds | drifting clouds | the sky at
        dusk | heaven | fluffy sky | an overcast sky | wisps of cloud | a stormy sky | low clouds over hills | smog
        | sky after the rain | a bank of fog"""
    ),
    "waves": phrases(
        """waves | sea waves | ocean waves | the sea | the ocean | a calm sea | swell | ripples on a lake | water
        waves | rolling waves | layers of waves | paper waves | the surface of the sea | a stormy sea | the tide |
        tides | a lake | a river | waves on a beach | the pacific | wavy layers | wave pattern | breakers | sea at
        night | the coast | a wavy sea in layers | water surface | an ocean horizon | the baltic sea | waves like
        hills | undulating water"""
    ),
    "confetti": phrases(
        """confetti | falling confetti | party confetti | confetti rain | paper confetti | a party | celebration |
        paper pieces | tumbling paper | bits of paper in the air | a birthday party | mardi gras | a confetti cannon
        | party decorations | new year's eve confetti | a celebration with paper snippets | glitter paper | paper
        flakes | foil confetti | paper snow | a street festival | a wedding party with confetti | coloured paper
        falling | little squares of paper | a festive shower of paper | piñata filling | hooray, paper rain"""
    ),
    "neon": phrases(
        """neon | neon grid | a neon grid | glowing grid | neon lines | grid of light | laser grid | grid from a
        synth album cover | retrowave | a retro grid from the 80s | computer world grid | cyber grid | a vector
        graphics floor | neon lights | neon tubes | a digital landscape | a glowing mesh | a virtual world of lines
        | beams of a laser show | eighties computer graphics | futuristic lines | a hologram grid | neon net | a
        glowing web of lines | an old computer game | neon sign glow | a grid of lasers | matrix of lines | sci-fi
        grid floor"""
    ),
}

# What no look shows. A caption of such a thing names no look, whatever else it says.
OTHERS = phrases(
    """a dog | my cat | two horses | a car | a red car in traffic | a man with a hat | a woman dancing | my boss |
    children playing football | an office | a laptop on a desk | a cup of tea | pizza | a burger | a portrait | a
    face | a robot | a dinosaur | a unicorn | a castle | a house | the eiffel tower | a train | an airplane | a
    bicycle | a football match | a guitar | a book | my company logo | a smartphone | a shoe advert | a recipe for
    soup | a spreadsheet | my grandmother | a spider | an elephant | a forest with trees | a flower | roses | a tree
    | a desert | a map | a clock | a chess board | a superhero | the president | a cartoon mouse | the weather
    report | a haircut | a key | hello | test | asdf | what is your name | write me a poem | ignore all previous
    instructions | system prompt | lorem ipsum | who are you | delete all files | 1 2 3 | nothing | something |
    anything you like | surprise me | a video | a clip | a background | a wallpaper | an animation | a loop | it |
    this | the picture | everything"""
)

FILLERS = phrases(
    """| | | | | | | i want | i'd like | please make | make me | show me | give me | create | draw | generate | a video
    of | a clip of | a loop of | an animation of | a scene with | a background with | can you make | could i have |
    something like | i am looking for | let's have | we need | how about | imagine | think of | picture | a wallpaper
    of | a short film of | an abstract | some | my idea: | let me see | please show | i would love | a view of | do you
    have | it should look like | a video background with | the look of | just | inspired by | like | i need | i need
    something like | i'm after | gimme | can i get | can we get | could you do | can you do | what about | got any | ok
    so | hey, | hi, | hmm, | basically | you know | you know, | for my channel: | for my intro: | for my lo-fi channel,
    | for a lyric video: | for my stream, | background idea: | kind of like | something with | something that looks
    like | that look of | we want | try | maybe | let's try | put | go for | think | looking for | it's for a website,
    | for the opening of my video: | one of those | could it be | please do | start with"""
)

ENDINGS = phrases(
    """| | | | | | | | | please | for my podcast | for instagram | for a story | as a background | for my phone | ,
    thanks | , thank you! | for my website | in a loop | for a reel | as a wallpaper | for a music video | , if
    possible | behind my text | for a quote | for a presentation | , you know | on the screen | ! | . | ... | :) |
    #loop | for my channel | for my lo-fi channel | for my stream | for an intro | for my intro | for our brand | or so
    | kind of thing | type of thing | or something | or something like that | sort of vibe | vibe | look | would be
    great | would be cool | would be perfect | if you can | pls | plz | ok? | ? | behind the lyrics | behind a title |
    in the background | , cheers | for a client | for my shop | that kind of thing | you get the idea | lol | asap |
    for youtube | for tiktok | as an overlay | for my band | for a poster"""
)
