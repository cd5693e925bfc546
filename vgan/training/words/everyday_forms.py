"""More of what people say in passing: how big, how much of it, how colourful, and moods that imply two things."""

from vgan.training.words.adjectives import Phrase, bank

FORMS = (
    *bank(
        "adj",
        "scale",
        {
            0.08: """teeny-tiny | weeny | teensy | wee | minuscule | micro | dot-sized | needle-fine | super small |
            super fine | grain-sized | speck-sized | infinitesimal | pixel-sized | wafer-thin""",
            0.22: """mini | small-ish | cute little | fine-lined | thin-lined | skinny | narrow-looking | finer |
            close-knit | tight-knit | spindly | filigree-thin | bitty | baby | low-key small | shrunken | scaled-down |
            distant | faraway | far-off | wispy | thready | stringy | pin-sharp small | trim""",
            0.8: """biggish | large-ish | grand | chunky | beefy | plump | voluminous | wide-open | outsized |
            broad-banded | thickset | oversized | full-size | big-shaped | heavy | full-bodied | wide-spread | close-up
            | macro | zoomed-in | blown-up | magnified | stretched-out""",
            0.93: """humongous | ginormous | colossal | mega | whopping | super big | jumbo | king-size | monster |
            monstrous | gargantuan | hulking | mountainous | panoramic | cathedral-sized | screen-filling |
            huge-looking""",
        },
    ),
    *bank(
        "after",
        "scale",
        {
            0.12: """from far away | seen from a distance | way off in the distance | from high above | zoomed out |
            zoom out | zoomed all the way out | with thin little lines | in thin strands | in little strips | in tiny
            specks | in tiny bits | in little bits | tiny ones | little ones | small ones | the smaller the better | as
            small as possible | as tiny as you can | as fine as it gets | make them small | make it small | keep it
            small | keep the shapes small | smaller pieces | smaller shapes | thin ones | fine ones | like sand | like
            salt | like glitter dust | like pepper | like needles | like hairs | like threads | like lace | like fish
            eggs | the size of ants | no bigger than a pea | nothing big | nothing large | no big shapes | teeny little
            things | like looking down from a plane | with a fine mesh | tightly spaced""",
            0.88: """right up close | really close up | super close | extreme close-up | a macro shot | macro style |
            zoom in | zoomed way in | zoomed right in | camera right in it | that fills the screen | filling the whole
            screen | filling the whole picture | across the entire picture | taking up the whole frame | from edge to
            edge | as big as possible | as large as you can | the bigger the better | big ones | large ones | huge ones
            | giant ones | wide ones | make it big | make them big | go big | go large | bigger pieces | bigger shapes
            | in big chunks | in big blobs | with wide bands | with broad bands | in broad ribbons | in big soft
            patches | like hills | like whales | like a giant's | like a mountain range | as wide as the sky | the size
            of a house | as big as cars | blown up | with thick strokes | fat ones | thick ones | nothing small |
            nothing tiny | no tiny bits | no small stuff | with big open areas""",
        },
    ),
    *bank(
        "adj",
        "complexity",
        {
            0.06: """stripped-down | near-empty | lone | one single | just a single | blank-looking | barren |
            unoccupied | hollow | next to empty | super minimal | ultra-minimal""",
            0.2: """minimalistic | understated | low-key | clutter-free | no-frills | no-nonsense | bare-looking |
            stripped-back | plain and simple | super simple | super plain | plain-looking | super clean | neat |
            calm-looking | straightforward | undistracting | unbusy | stylishly empty | scandinavian | a few | only a
            few | just a few | some | one or two | two or three | a couple of | a handful of | hardly any | patchy |
            thinly spread | loose | wide-spaced | basic-looking | not many | smooth and plain""",
            0.8: """layered | multi-layered | lots of | loads of | many | plenty of | heaps of | tons of | masses of |
            piles of | countless little | a lot of | fussy | finicky | tight | close-packed | compacted | well-filled |
            crowded-looking | criss-crossed | interwoven | knotted | webbed | meshed | branching | curly | swirly |
            frilly | convoluted | complicated | sophisticated | opulent | richly patterned | detail-packed | full-on |
            eventful-looking | heavily layered | bustling | rugged | crumpled | wrinkled | fractal | thick""",
            0.94: """insanely detailed | super busy | super detailed | crazy detailed | overfull | overcrowded |
            chock-full | rammed | crammed | brimming | thronged | mad amounts of | thousands of | millions of |
            zillions of | endless amounts of | hundreds of | crawling | swamped | overloaded-looking | wall-to-wall""",
        },
    ),
    *bank(
        "after",
        "complexity",
        {
            0.06: """nothing else | and nothing else | and that's it | that's all | all by itself | on its own | just
            the one | only one of them | a single one | nearly nothing there | practically empty | as empty as possible
            | nothing going on in it | next to nothing in it | as minimal as possible | as simple as it gets | one lone
            one | nothing around it""",
            0.2: """nothing too busy | not busy | nothing busy | without being busy | nothing complicated | nothing
            cluttered | no clutter | clutter free | no mess | no fuss | no frills | no busy patterns | not too many of
            them | not many of them | not that many | not too many | not a lot of them | only some of them | a couple
            of them | just a couple | three or four of them | only a few of them | one here, one there | few and far
            between | spread out | keep it simple | keep it minimal | keep it clean | keep it plain | keep it
            uncluttered | nice and simple | nice and clean | with plenty of space | lots of empty space | lots of space
            in between | lots of room for text | leave room for my logo | leave room for a title | that doesn't
            distract | nothing distracting | easy to put text on | not too detailed | not much detail | less stuff |
            with less going on | only the essentials | less is more | pared back | stripped back | thin on the
            ground""",
            0.8: """lots of them | loads of them | tons of them | heaps of them | plenty of them | a whole bunch of
            them | a bunch of them | dozens and dozens | all over the place | all over the screen | from corner to
            corner | layered over each other | layered on top of each other | one behind the other | one over the other
            | side by side | row after row | with many folds | with lots of wrinkles | with lots of curls | with lots
            of lines | with lots of branches | with lots of layers | with loads of detail | with tons of detail |
            packed with detail | full of little details | rich detail | plenty to look at | always something to look at
            | so much to discover | lots to see | a lot going on | there's a lot going on | lots going on | busy all
            over | a real tangle | tangled up | woven together | crossing each other | criss-crossing | a dense mesh |
            a thick mesh | crowded together | shoulder to shoulder | with no gaps | everywhere you look | left and
            right | the more the better | more of them""",
            0.94: """as many as you can | as many as possible | as much as fits | hundreds of them | thousands |
            zillions of them | tons and tons | way too many | an insane amount | an avalanche of them | a swarm of them
            | like an ant hill | like rush hour | like a jungle | like a crowded fair | total mess | total madness |
            total chaos | complete chaos | pure chaos | everything churning | all at once | not an inch left empty |
            covering everything | full to bursting | stuffed full | super crowded | the busier the better | over the
            top""",
        },
    ),
    *bank(
        "adj",
        "saturation",
        {
            0.06: """colour-free | hueless | grayscale | gray | bw | b&w | ash-grey | steel-grey | concrete-grey |
            dishwater | silver-grey""",
            0.2: """washed out | toned down | light on colour | low-colour | near-colourless | desaturated-looking |
            weak | grayish | mousy | earthy | natural | nude | tea-stained | soft-toned | calm-coloured | gentle in
            colour | dim in colour | sad-coloured | lacklustre | flat-coloured | rainy-day | scandi | beige-ish |
            quietly coloured | worn | cloudy-coloured | smoky | frosted | aged | antique | film-like | hushed in
            colour""",
            0.8: """colour-packed | color-rich | colour-filled | vividly coloured | popping | zingy | gaudy-ish | ripe
            | full-colour | gem-coloured | jewel-toned | jewel-like | sweet-shop | cheerful-coloured | strong in colour
            | deeply tinted | super colourful | deep-coloured | hot | glowing-coloured | intensely tinted |
            summery-coloured | carnival-coloured | opulently coloured | highly saturated | colourful as anything""",
            0.94: """oversaturated | hyper-saturated | eye-searing | eyeball-burning | trippy | lsd-like |
            hyper-coloured | crazily coloured | insanely colourful | super vibrant | ultra-vivid | highlighter-bright |
            cranked-up | bonbon-coloured | blaring | in-your-face""",
        },
    ),
    *bank(
        "after",
        "saturation",
        {
            0.06: """no colour at all | no colours | next to no colour | hardly a trace of colour | barely any colour |
            almost grey | all grey | like an old movie | like newspaper print | like pencil | in black, white and grey
            | take the colour out""",
            0.2: """not much colour | not a lot of colour | not too colourful | nothing too colourful | nothing
            colourful | nothing flashy | nothing garish | nothing loud | nothing gaudy | nothing that screams | no loud
            colours | no strong colours | no bright colours | no bold colours | easy on the colour | easy on the
            colours | go easy on the colours | tone the colours down | tone down the colour | turn the colour down |
            lower the saturation | washed-out colours | watered-down colours | understated colours | soft colours |
            pale colours | quiet colours | calm colours | gentle colours | muted colours | pastel colours | earthy
            tones | natural tones | like an old polaroid | like a faded poster | like old wallpaper | like an old
            drawing | like chalk | like a rainy day | a hint of colour at most | just a hint of colour | just a touch
            of colour | with the colour sucked out | like it has been in the wash too often | on the pale side | on the
            greyish side""",
            0.8: """lots of colour | loads of colour | plenty of colour | tons of colour | strong colours | rich
            colours | bold colours | deep colours | juicy colours | vivid colours | intense colours | intense colour |
            full colours | colours that pop | colours galore | with colours that really pop | make the colours pop |
            make the colour strong | make the colours strong | bring out the colour | more colour | turn up the colour
            | crank up the colours | crank the colour | boost the saturation | really strong colour | really saturated
            | super saturated | not grey at all | not pale | nothing pale | nothing washed-out | nothing dull | like
            candy | like gummy bears | like sweets | like fresh paint | like stained glass | like a fruit stall | like
            a parrot | like gemstones | in jewel tones | like a bollywood film | for a kids' channel""",
            0.94: """all the colours | all colours of the rainbow | in every colour | crazy colours | insane colours |
            loud colours | wild colours | screaming colours | acid colours | candy colours | as colourful as it gets |
            as colourful as you can | as vibrant as possible | max saturation | full saturation | colour to the max |
            colour overload | colour explosion | like a trip | like an acid trip | so colourful it hurts | the louder
            the better""",
        },
    ),
)

_MOODS: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("adj", "stormy and dark", {"motion": 0.88, "brightness": 0.2}),
    ("adj", "sleepy", {"motion": 0.12, "brightness": 0.3}),
    ("adj", "cosy", {"motion": 0.2, "contrast": 0.3}),
    ("adj", "angry", {"motion": 0.85, "contrast": 0.82}),
    ("adj", "spooky", {"brightness": 0.15, "motion": 0.3}),
    ("adj", "zen", {"motion": 0.15, "complexity": 0.2}),
    ("adj", "melancholy", {"motion": 0.2, "saturation": 0.25}),
    ("adj", "summery", {"brightness": 0.8, "saturation": 0.7}),
    ("adj", "euphoric", {"motion": 0.85, "brightness": 0.8}),
    ("adj", "epic and dark", {"scale": 0.85, "brightness": 0.2}),
    ("adj", "delicate", {"scale": 0.15, "contrast": 0.25}),
    ("adj", "lonely", {"complexity": 0.1, "motion": 0.2}),
    ("adj", "menacing", {"brightness": 0.18, "contrast": 0.8}),
    ("adj", "wholesome", {"brightness": 0.72, "motion": 0.3}),
    ("adj", "trippy", {"saturation": 0.88, "motion": 0.7}),
    ("adj", "wild", {"motion": 0.9, "complexity": 0.8}),
    ("adj", "soothing", {"motion": 0.15, "contrast": 0.25}),
    ("adj", "noisy", {"complexity": 0.88, "contrast": 0.75}),
    ("adj", "corporate", {"complexity": 0.2, "saturation": 0.35}),
    ("adj", "elegant and dark", {"brightness": 0.2, "complexity": 0.25}),
    ("adj", "hyped", {"motion": 0.9, "saturation": 0.8}),
    ("after", "for a lo-fi channel", {"motion": 0.18, "contrast": 0.3}),
    ("after", "for a horror trailer", {"brightness": 0.12, "contrast": 0.82}),
    ("after", "for a bedtime story", {"motion": 0.12, "brightness": 0.25}),
    ("after", "for a rave", {"motion": 0.9, "saturation": 0.85}),
    ("after", "for a funeral", {"motion": 0.12, "saturation": 0.15}),
    ("after", "for a kids' birthday", {"saturation": 0.85, "brightness": 0.75}),
    ("after", "for a yoga class", {"motion": 0.12, "complexity": 0.25}),
    ("after", "for a techno set", {"motion": 0.88, "contrast": 0.8}),
    ("after", "for a wellness brand", {"motion": 0.18, "brightness": 0.72}),
    ("after", "with a stormy mood", {"motion": 0.85, "brightness": 0.25}),
    ("after", "with a party mood", {"motion": 0.82, "saturation": 0.82}),
    ("after", "like a nightmare", {"brightness": 0.15, "motion": 0.75}),
    ("after", "like total peace", {"motion": 0.1, "complexity": 0.2}),
    ("after", "like an action movie", {"motion": 0.88, "contrast": 0.85}),
    ("after", "like a bad hangover", {"brightness": 0.3, "saturation": 0.2}),
    ("after", "like the start of spring", {"brightness": 0.78, "saturation": 0.65}),
    ("after", "like a monday morning", {"saturation": 0.15, "motion": 0.2}),
    ("after", "like in a fairy tale", {"saturation": 0.7, "contrast": 0.3}),
)
FEELINGS = tuple(Phrase(text, form, tuple(says.items())) for form, text, says in _MOODS)
