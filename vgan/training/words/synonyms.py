"""More ways to say where an attribute lies: the wider the words, the better unknown ones are understood."""

from vgan.training.words.adjectives import bank

SYNONYMS = (
    *bank(
        "adj",
        "motion",
        {
            0.05: """stationary | inert | fixed | paused | as good as still | lifeless | fixed in place | stopped |
            petrified | completely still | suspended""",
            0.18: """placid | stately | ponderous | meandering | gliding | wafting | idle | soothing | glacial |
            slowed-down | slow-paced | low-tempo | trickling | quietly flowing | softly rolling | ever so slow |
            steady and slow | tame | sedate | half asleep | tired | weary | patient | floating | slow-burning | mild
            | relaxing | easy-going | lulling | swaying | slowly turning | slowly breathing""",
            0.8: """hurried | hasty | speeding | zippy | spirited | bouncy | jumpy | twitchy | nervous | pulsing |
            bustling | buzzing | up-tempo | sped-up | fast-paced | high-speed | active | excited | vigorous |
            animated | flowing quickly | bubbly | nimble | snappy | flickering | shaking | fidgety | surging |
            moving | eventful | running""",
            0.94: """galloping | sprinting | tumultuous | feverish | hyperactive | explosive | thrashing | violent |
            raging | storming | supersonic | rocketing | blazing fast | lightning-fast | tempestuous | delirious |
            manic | out of control | spinning wildly | roaring""",
        },
    ),
    *bank(
        "after",
        "motion",
        {
            0.05: """standing still | stuck in time | like a photograph | like a painting on a wall | holding still
            | that never moves | with nothing moving | like a still image""",
            0.18: """in no rush | like treacle | slow as a snail | adagio | gliding past | with a slow heartbeat |
            at walking pace | that wanders about | lowering slowly | rising slowly | turning slowly | rolling gently
            | in a soft breeze | lapping gently | ever so softly | with all the time in the world | that drifts |
            that sways | that barely moves | easing along | sinking slowly | with a slow rhythm | without any rush |
            spreading slowly | growing slowly | nice and slow | taking a nap""",
            0.8: """in fast forward | allegro | to a fast beat | with a quick rhythm | speeding by | running |
            jumping around | shaking | spinning | that moves a lot | that rushes by | that never rests | blown by a
            gale | swept away | in a strong breeze | zigzagging | bouncing | popping up | swirling quickly |
            shooting through | pushing forward | with a fast tempo | streaming by | rippling quickly | on fast
            forward | with plenty of action""",
            0.94: """like a hurricane | at breakneck speed | in a mad dash | as if chased | going wild | like an
            explosion | at full speed | flat out | at the speed of light | in a frenzy | on a rampage | in a storm |
            tearing along | crashing about | without a moment's rest | like a whirlwind""",
        },
    ),
    *bank(
        "adj",
        "brightness",
        {
            0.06: """ink-black | lightless | coal-black | as dark as the grave | blacked-out | extremely dark |
            jet-black""",
            0.2: """dingy | tenebrous | low-lit | subterranean | overcast | unlit-looking | nightly |
            nocturnal-looking | candlelit | smoky-dark | underexposed | dark-toned | obscure | veiled in darkness |
            brooding | grim | heavy and dark | sinister-dark | cavernous | inky | deep-toned | gothic | noir |
            shaded | dulled | sunless | night""",
            0.8: """shiny | beaming | gleaming | lit-up | daylit | cheerfully bright | clear and bright |
            light-toned | glowing | lustrous | lucent | snow-bright | sun-drenched | sun-soaked | floodlit | backlit
            | bright-lit | sparkling | twinkly | daytime | summery | heavenly bright | whitish | glossy | ethereal
            and light | effulgent | lightened""",
            0.94: """incandescent | flaming bright | searing | flashing | extremely bright | burning bright |
            snow-white | brightest | glary""",
        },
    ),
    *bank(
        "after",
        "brightness",
        {
            0.06: """in the dead of night | in a cave | with the lights off | black as coal | inside a cellar |
            where no light gets in""",
            0.2: """in the evening | late at night | by candlelight | in twilight gloom | under a dark sky | at
            nightfall hour | in a cellar | with faint light | with the light fading | when it gets dark | in deep
            shade | under heavy skies | in a dark theatre | lit by a weak lamp | without much light | dark and deep
            | under the stars | after dark | in the gloom | before dawn | in a dark mood""",
            0.8: """at midday | in sunshine | in the light of day | in full sun | with the lights on | on a bright
            day | on white | in the spring sun | lit from within | that shines | that glows strongly | in clear
            daylight | with light streaming in | in morning light | with lots of white | on a sunny beach | under a
            clear sky | in a white studio | on a summer's day""",
            0.94: """bright as the sun | with a blinding glow | in a spotlight | under floodlights | like looking
            into the sun | with everything shining | overflowing with light""",
        },
    ),
    *bank(
        "adj",
        "saturation",
        {
            0.06: """silvery | achromatic | slate | lead-grey | uncoloured | charcoal | sepia-less grey |
            greyish-white | stone-grey | chalk""",
            0.2: """anaemic | milky-coloured | weathered | watered-down | thin-coloured | understated | tasteful and
            muted | greyish | dusty-looking | tired-coloured | powdery | sun-bleached | low-saturation | vintage |
            sober | neutral | discreet | restrained | delicate in colour | lifeless in colour | toned-down | wan |
            bland | colour-poor | chalky | faint""",
            0.8: """vibrant | rich-coloured | deeply coloured | multicoloured | tropical | strongly tinted |
            saturated-looking | flashy | joyfully coloured | spicy | fruity | lively-coloured | glowing with colour
            | colour-rich | warmly saturated | exotic | radiantly coloured | showy | deep-dyed | gaily painted |
            splendid | brightly coloured | brightly dyed""",
            0.94: """kaleidoscopic | hallucinogenic | fluorescent-coloured | shrill | loud-coloured | over-saturated
            | acid-coloured | pop-art | rainbow-bright | eye-popping | extremely colourful | lurid | day-glo |
            comic-book""",
        },
    ),
    *bank(
        "after",
        "saturation",
        {
            0.06: """in shades of grey | without any hue | like an old black and white film | in silver | in slate
            and stone""",
            0.2: """like an old photo | with the colours turned down | that lost its colour | in quiet colours | in
            subdued shades | in soft neutral tones | with only a hint of colour | bleached by the sun | like faded
            jeans | in watered-down tints | in sepia""",
            0.8: """bursting with colour | in full colour | in glowing colours | with deep colours | in tropical
            colours | drenched in colour | in lush tones | in strong pigments | rich as a carpet | with juicy
            colours | like a box of paints""",
            0.94: """in acid colours | like a rainbow | in fluorescent tones | with insane colours | in comic-book
            colours | with maximum saturation | in neon colours | with colours that scream""",
        },
    ),
    *bank(
        "adj",
        "contrast",
        {
            0.1: """smooth-toned | washed | veiled | foggy-looking | uniform | muffled | diffuse | hushed | feathery
            | velvety | lulled | undramatic | pillowy | indistinct | faint-edged | soft-focus | gauzy | level |
            gentle-toned | vague | smudged | blurred | monotonous | without drama | melting | tone-on-tone | softly
            graded""",
            0.85: """bold-edged | graphic | chiselled | cutting | biting | contrast-rich | hard-edged | intense in
            light and shade | theatrical | razor-edged | film-noir | chiaroscuro | clear-edged | vigorous in tone |
            fierce | well-defined | distinct | pronounced | deep and bright | brilliantly cut | incisive | etched |
            bold and black | strongly lit""",
        },
    ),
    *bank(
        "after",
        "contrast",
        {
            0.1: """that fades into itself | without highlights | in one tone | with blurred borders | where nothing
            stands out | as through a veil | in even light | with gentle transitions | without strong shadows |
            blending into one another | with hazy edges | in soft focus | in a single shade | with shades close
            together | dissolving into each other""",
            0.85: """with inky blacks and bright whites | in hard light | with clear edges | in strong light and
            shade | standing out sharply | with dark darks and light lights | like a woodcut | in stark relief |
            with a big difference between light and dark | in bold relief | cut out sharply | with piercing
            highlights | in dramatic light | lit from the side""",
        },
    ),
    *bank(
        "adj",
        "scale",
        {
            0.08: """minuscule-looking | teeny | itty-bitty | dust-sized | pinhead-sized | hair-fine | nano |
            ultra-fine | microscale""",
            0.22: """slim | thin | compact | modest-sized | pocket-sized | finely structured | dainty | closely
            spaced | fine-meshed | short | tight | lacy | thread-like | slender | smallish | undersized""",
            0.8: """sizeable | hefty | thick | roomy | generous | bulky | tall | spacious | far-reaching | expansive
            | ample | coarse | broad-brushed | fat | long | chunky-looking | wide open | oversize""",
            0.93: """titanic | cosmic | towering | oceanic | mammoth | planet-sized | room-filling | overwhelming in
            size | larger than life""",
        },
    ),
    *bank(
        "after",
        "scale",
        {
            0.12: """with a fine structure | with little shapes | on a small scale | like grains of sand | like
            pinpricks | in small pieces | under a microscope | as fine as hair | with thin lines | in narrow strips
            | like dust | seen from above, far away""",
            0.88: """on a large scale | in huge pieces | as big as a house | like mountains | with broad strokes |
            up close | in wide bands | spanning the whole screen | with thick lines | in large patches | that fill
            the view | from very near | larger than usual""",
        },
    ),
    *bank(
        "adj",
        "complexity",
        {
            0.06: "deserted | vacant | isolated | single | solitary | bare-bones | void | blank | lone-standing",
            0.2: """austere | zen | unfussy | scant | scarce | scattered | streamlined | pared-down | ordered |
            sober and simple | undemanding | thinned-out | airy and empty | basic | elementary | calm and simple |
            light on detail | orderly | rare | frugal | unobtrusive | undecorated""",
            0.8: """elaborate | ornate | rich | lavish | bristling | involved | plentiful | abundant | textured |
            thick with detail | tangled | lively and full | populated | finely worked | many | numerous | heavily
            patterned | profuse | teeming with shapes | woven | labyrinthine | baroque""",
            0.94: """swarming | jam-packed | messy | turbulent and full | anarchic | maximalist | bursting |
            confusing | bewildering | endless | innumerable | flooded with shapes | stuffed""",
        },
    ),
    *bank(
        "after",
        "complexity",
        {
            0.06: """only a single one | all alone | with nothing else | in an empty space | one and no more | lost
            in empty space""",
            0.2: """with few elements | with a lot of air | and not many of them | just some | a small number of
            them | neatly spaced | loosely scattered | with room to breathe | without clutter | with clear simple
            shapes | nothing fancy | in a clear layout | kept simple | with hardly any detail | rarely one""",
            0.8: """with many layers | in great numbers | dozens of them | one next to the other | with a rich
            texture | with lots of them | packed close together | layer upon layer | full of texture | with many
            small parts | in every direction | with a dense pattern | in abundance | wherever you look""",
            0.94: """millions of them | no empty spot | a total mess | in a wild tangle | in endless numbers | more
            than you can count | like a beehive | up to the brim | in total chaos | a flood of them""",
        },
    ),
)
